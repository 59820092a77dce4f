import type { Heard } from '../../conversation.ts';
import { shown } from '../../shown.ts';
import { heldIf, perConversation, type Invariant } from '../../invariant.ts';

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
];

function field(id: string, name: string, expected: string, accepts: (value: unknown) => boolean): Invariant {
  return perConversation(id, function* ({ dialect, heard }) {
    if (dialect !== 'scriptix' && dialect !== 'scriptix-stream') return;
    for (const { index, message } of heard.filter(isPartial)) {
      const value = message.fields?.[name];
      yield heldIf(accepts(value), [index], `${name}: ${expected}`, () => `${name}: ${shown(value)}`);
    }
  });
}

function isPartial({ message }: Heard): boolean {
  return message.kind === 'partial';
}
