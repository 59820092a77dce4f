import type { RequirementId } from '../../../../protocol/requirements.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { WRONG_TIMES } from '../../../blame/mistakes.ts';
import {
  blaming,
  broken,
  held,
  heldIf,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { perConnection } from '../conversations.ts';
import { finalsOf, resultsOf, type Result } from '../results.ts';
import { segmentsOf, startOf } from '../partials/segments.ts';
import { hasStillOffsets } from '../partials/still-offsets.ts';

/** Finals do not change, come once, and come in order (S0:72,84-86; S1:40). */
export const finals: readonly Invariant[] = [
  perRepetition('SX-FIN-014', (final, earlier, isStill) => {
    const other = earlier.find(({ text }) => text !== undefined && text !== final.text);
    if (other === undefined || final.text === undefined) return undefined;
    const expected = `text ${shown(other.text)}, as it was`;
    const finding = broken([other.index, final.index], expected, shown(final.text));
    return madeBy(isStill ? WRONG_TIMES : undefined, finding);
  }),
  perConnection('SX-FIN-015', function* (conversation) {
    const seen = new Set<number>();
    let before: Result | undefined;
    for (const final of finalsOf(conversation)) {
      const { offsetMs, index } = final;
      // A repeated final is covered by another requirement.
      if (offsetMs === undefined || seen.has(offsetMs)) continue;
      seen.add(offsetMs);
      if (before?.offsetMs !== undefined) {
        const expected = `offset_ms above ${before.offsetMs}`;
        const isHeld = offsetMs > before.offsetMs;
        const occasion = heldIf(isHeld, [before.index, index], expected, () => `offset_ms ${offsetMs}`);
        // Either may be the wrong one.
        yield isHeld ? occasion : blaming(occasion, before.index, index);
      }
      before = final;
    }
  }),
  perRepetition('SX-FIN-016', (final, earlier) => {
    const same = earlier.find(({ text }) => text !== undefined && text === final.text);
    if (same === undefined) return undefined;
    return broken([same.index, final.index], 'every final once', `${shown(final.text)} again`);
  }),
];

/** The maximum number of finals per offset that are kept for comparison. */
const MOST_EARLIER = 16;

/**
 * Every final after the first could be a repetition; `earlier` are the finals with the same offset, which are all of
 * them if the offset never changes.
 */
function perRepetition(
  id: RequirementId,
  judge: (final: Result, earlier: readonly Result[], isStill: boolean) => Occasion | undefined,
): Invariant {
  return perConnection(id, function* (conversation, play) {
    const isStill = hasStillOffsets(conversation, play);
    const byOffset = new Map<number, Result[]>();
    // The partials with its offset since the last final: if they have the same text, it belongs to them and repeats
    // nothing.
    const partials = new Map<number, number[]>();
    const misplaced = misplacedIn(conversation);
    let before: Result | undefined;
    for (const result of resultsOf(conversation)) {
      const { offsetMs, index } = result;
      if (offsetMs === undefined) continue;
      if (!result.isFinal) {
        const own = partials.get(offsetMs);
        if (own === undefined) partials.set(offsetMs, [index]);
        else own.push(index);
        continue;
      }
      const earlier = byOffset.get(offsetMs) ?? [];
      const other = misplaced.has(index) ? earlier.find((each) => misplaced.has(each.index)) : undefined;
      if (other !== undefined) {
        const expected = 'a final with the offset_ms of its partials, to know which segment it is';
        yield unclear([other.index, index], expected, `offset_ms ${offsetMs} in both, before their partials`);
      } else if (before !== undefined) {
        const finding = judge(result, earlier, isStill);
        yield finding === undefined
          ? held(before.index, index)
          : blaming(finding, index, ...(partials.get(offsetMs) ?? []));
      }
      if (earlier.length < MOST_EARLIER) byOffset.set(offsetMs, [...earlier, result]);
      partials.delete(offsetMs);
      before = result;
    }
  });
}

/** Finals with an offset before that of their partials, which SX-FIN-013 covers. */
function misplacedIn(conversation: Conversation): ReadonlySet<number> {
  const { segments } = segmentsOf(conversation);
  const found = new Set<number>();
  for (const { partials, final } of segments) {
    const startMs = startOf({ partials, final: undefined });
    if (final?.offsetMs !== undefined && startMs !== undefined && final.offsetMs < startMs)
      found.add(final.index);
  }
  return found;
}
