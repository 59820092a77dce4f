import type { RequirementId } from '../../../../protocol/requirements.ts';
import { wrongType } from '../../../blame/mistakes.ts';
import { blaming, broken, held, heldIf, madeBy, unclear, type Invariant } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { perConnection } from '../conversations.ts';
import { finalsOf, oppositesOf } from '../results.ts';

const IS_TRUE = 'is_final: the boolean true';

/** The fields of a final result (S0:72-75; S1:25,42; S2:72-80). */
export const finalForm: readonly Invariant[] = [
  field('SX-FIN-001', 'text', 'a string', (value) => typeof value === 'string'),
  perConnection('SX-FIN-002', function* (conversation) {
    const doubted = new Set(oppositesOf(conversation).partials);
    for (const { index, fields } of finalsOf(conversation)) {
      const value = fields['is_final'];
      if (doubted.has(index)) {
        yield unclear([index], 'a final', 'is_final: true, with a stability and no words');
      } else {
        yield heldIf(value === true, [index], IS_TRUE, () => `is_final: ${shown(value)}`);
      }
    }
  }),
  field('SX-FIN-003', 'offset_ms', 'an integer', Number.isInteger),
  perConnection('SX-FIN-004', function* (conversation) {
    for (const { index, fields } of finalsOf(conversation)) {
      const { words } = fields;
      if (Array.isArray(words)) yield held(index);
      else {
        const finding = broken([index], 'words: an array', `words: ${shown(words)}`);
        // If it has the stability of a partial it may be one; otherwise it still counts as a final.
        yield Object.hasOwn(fields, 'stability') ? finding : blaming(finding);
      }
    }
  }),
  perConnection('SX-FIN-019', function* (conversation) {
    for (const { index, fields } of finalsOf(conversation)) {
      if (!Object.hasOwn(fields, 'speaker')) continue;
      const { speaker } = fields;
      const isHeld = typeof speaker === 'string';
      yield heldIf(isHeld, [index], 'speaker: a string', () => `speaker: ${shown(speaker)}`);
    }
  }),
  perConnection('SX-FIN-022', function* (conversation) {
    for (const { index, text, fields } of finalsOf(conversation)) {
      const { words } = fields;
      if (text === undefined || text.trim() === '' || !Array.isArray(words)) continue;
      if (words.length > 0) yield held(index);
      else yield broken([index], `words for the text ${shown(text)}`, 'no words');
    }
  }),
];

function field(
  id: RequirementId,
  name: string,
  expected: string,
  accepts: (value: unknown) => boolean,
): Invariant {
  return perConnection(id, function* (conversation) {
    for (const { index, fields } of finalsOf(conversation)) {
      const value = fields[name];
      const occasion = heldIf(
        accepts(value),
        [index],
        `${name}: ${expected}`,
        () => `${name}: ${shown(value)}`,
      );
      yield madeBy(name === 'offset_ms' ? wrongType(value) : undefined, occasion);
    }
  });
}
