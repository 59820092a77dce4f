import type { RequirementId } from '../../../../protocol/requirements.ts';
import { blaming, broken, held, type Invariant } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { perConnection } from '../conversations.ts';
import { finalsAt, finite, partialsOf } from '../results.ts';

/** The fields of a partial result (S0:47-50). */
export const partialForm: readonly Invariant[] = [
  field('SX-PART-001', 'text', 'a string', (value) => typeof value === 'string'),
  field('SX-PART-002', 'is_final', 'the boolean false', (value) => value === false),
  field('SX-PART-003', 'offset_ms', 'an integer', Number.isInteger),
  field(
    'SX-PART-004',
    'stability',
    'a number from 0 to 1',
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
  ),
  field(
    'SX-PART-005',
    'offset_ms',
    'not below 0',
    (value) => Number(value) >= 0,
    (value) => finite(value) !== undefined,
  ),
  field(
    'SX-PART-006',
    'text',
    'not blank',
    (value) => String(value).trim() !== '',
    (value) => typeof value === 'string',
  ),
];

/** `isMeant`: values of another type are a matter of another requirement. */
function field(
  id: RequirementId,
  name: string,
  expected: string,
  accepts: (value: unknown) => boolean,
  isMeant: (value: unknown) => boolean = () => true,
): Invariant {
  return perConnection(id, function* (conversation) {
    for (const { index, fields, offsetMs } of partialsOf(conversation)) {
      const value = fields[name];
      if (!isMeant(value)) continue;
      if (accepts(value)) {
        yield held(index);
        continue;
      }
      const finding = broken([index], `${name}: ${expected}`, `${name}: ${shown(value)}`);
      const isSame = name === 'offset_ms' && offsetMs !== undefined;
      // Its final says the same.
      yield isSame ? blaming(finding, index, ...finalsAt(conversation, offsetMs)) : finding;
    }
  });
}
