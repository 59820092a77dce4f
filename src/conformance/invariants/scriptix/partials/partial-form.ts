import type { RequirementId } from '../../../../protocol/requirements.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { wrongType } from '../../../blame/mistakes.ts';
import {
  blaming,
  broken,
  held,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { perConnection } from '../conversations.ts';
import { finalsOf, finite, oppositesOf, partialsOf } from '../results.ts';

/** The fields of a partial result (S0:47-50). */
export const partialForm: readonly Invariant[] = [
  field('SX-PART-001', 'text', 'a string', (value) => typeof value === 'string'),
  perConnection('SX-PART-002', isFinalIsFalse),
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

function* isFinalIsFalse(conversation: Conversation): Iterable<Occasion> {
  const { partials, finals } = oppositesOf(conversation);
  const [first] = partials;
  // A final may lack its words, and a partial its stability, but neither has the fields of the other.
  if (first !== undefined && finals.length > 0) {
    const actual = 'is_final: true in partials, and false in finals';
    yield blaming(broken([first], 'is_final: the boolean false', actual), ...partials, ...finals);
  }
  const doubted = new Set(finals);
  for (const occasion of judgeField(
    conversation,
    'is_final',
    'the boolean false',
    (value) => value === false,
  )) {
    const [index = -1] = occasion.events;
    if (!doubted.has(index)) yield occasion;
    else yield unclear([index], 'a partial', 'is_final: false, with words and no stability');
  }
}

/** `isMeant`: whether a result is concerned; values of another type are covered by another requirement. */
function field(id: RequirementId, ...of: FieldRule): Invariant {
  return perConnection(id, (conversation) => judgeField(conversation, ...of));
}

type FieldRule = readonly [
  name: string,
  expected: string,
  accepts: (value: unknown) => boolean,
  isMeant?: (value: unknown) => boolean,
];

function* judgeField(
  conversation: Conversation,
  ...[name, expected, accepts, isMeant = () => true]: FieldRule
): Iterable<Occasion> {
  const told = new Set<string>();
  for (const { index, fields } of partialsOf(conversation)) {
    const value = fields[name];
    if (!isMeant(value)) continue;
    if (accepts(value)) {
      yield held(index);
      continue;
    }
    const mistake = name === 'offset_ms' && !Number.isInteger(value) ? wrongType(value) : undefined;
    const finding = madeBy(mistake, broken([index], `${name}: ${expected}`, `${name}: ${shown(value)}`));
    const type = typeOf(value);
    if (told.has(type)) yield finding;
    else yield blaming(finding, index, ...finalsWith(conversation, name, type, accepts));
    told.add(type);
  }
}

/** Finals with the same mistake, which has one cause. */
function finalsWith(
  conversation: Conversation,
  name: string,
  type: string,
  accepts: (value: unknown) => boolean,
): readonly number[] {
  // A final must claim to be final, and a partial must not.
  const isRight = name === 'is_final' ? (value: unknown) => typeof value === 'boolean' : accepts;
  return finalsOf(conversation).flatMap(({ index, fields }) => {
    const value = fields[name];
    return typeOf(value) === type && !isRight(value) ? [index] : [];
  });
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
