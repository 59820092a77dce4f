import {
  blaming,
  broken,
  doubtful,
  heldIf,
  held,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { normalise, wordsOf } from '../../../text/normalise.ts';
import { WRONG_TIMES } from '../../../blame/mistakes.ts';
import { MISTAKES } from '../mistakes.ts';
import { hadReadAudio } from '../../shared/crossing.ts';
import { finalsOf, perRealtime, type Realtime, type Transcript } from '../realtime.ts';

/** Without times, a repeated text is suspicious only if it has at least this many words: people do say "yes" twice. */
const WORDS_OF_A_SUSPECT = 3;

/** Finals do not change, and follow each other in time (S4:82,92). */
export const finals: readonly Invariant[] = [
  perRealtime('R8-TR-010', function* (realtime, { overlapMs }) {
    const starts = new Set<number>();
    let last: TimedFinal | undefined;
    for (const { index, span } of finalsOf(realtime)) {
      // Repetition is covered by R8-TR-011.
      if (span === undefined || starts.has(span.startMs)) continue;
      starts.add(span.startMs);
      if (last !== undefined) {
        const { startMs, endMs } = last.span;
        yield heldIf(
          span.startMs >= startMs && span.startMs >= endMs - overlapMs,
          [last.index, index],
          `a final that starts at ${endMs - overlapMs} ms or later`,
          () => `a final at ${span.startMs}-${span.endMs} ms after one at ${startMs}-${endMs} ms`,
        );
      }
      if (last === undefined || span.endMs > last.span.endMs) last = { index, span };
    }
  }),
  perRealtime('R8-TR-011', function* (realtime) {
    const byStart = new Map<number, Transcript>();
    let before: Transcript | undefined;
    for (const final of finalsOf(realtime)) {
      const earlier = final.span === undefined ? undefined : byStart.get(final.span.startMs);
      if (earlier !== undefined) yield again(earlier, final);
      else if (before !== undefined)
        yield final.span === undefined ? perhaps(before, final, realtime) : fresh(before, final);
      if (final.span !== undefined && earlier === undefined) byStart.set(final.span.startMs, final);
      before = final;
    }
  }),
];

type TimedFinal = Required<Pick<Transcript, 'index' | 'span'>> & {
  readonly span: NonNullable<Transcript['span']>;
};

const ONCE = 'every final once, and as it was';

function fresh(before: Transcript, final: Transcript): Occasion {
  return held(before.index, final.index);
}

function again(earlier: Transcript, final: Transcript): Occasion {
  const isSame = normalise(earlier.text ?? '') === normalise(final.text ?? '');
  const where = `that starts at ${String(final.span?.startMs)} ms`;
  const actual = isSame
    ? `the final ${where} a second time: ${shown(final.text)}`
    : `the final ${where} changed from ${shown(earlier.text)} to ${shown(final.text)}`;
  const finding = broken([earlier.index, final.index], ONCE, actual);
  // If two differ, either may be the wrong one.
  if (isSame) return madeBy(MISTAKES.twice, finding);
  const goesOn = normalise(final.text ?? '').startsWith(normalise(earlier.text ?? ''));
  return madeBy(goesOn ? MISTAKES.goesOn : WRONG_TIMES, blaming(finding, earlier.index, final.index));
}

/** The same words again with no audio in between: the speaker may have said them twice before. */
function perhaps(before: Transcript, final: Transcript, realtime: Realtime): Occasion {
  if (before.audio.byteCount !== final.audio.byteCount) return fresh(before, final);
  const isSame = normalise(before.text ?? '') === normalise(final.text ?? '');
  const isSuspect = isSame && wordsOf(final.text ?? '').length >= WORDS_OF_A_SUSPECT;
  if (!isSuspect) return fresh(before, final);
  const actual = `the same text twice, with no audio between: ${shown(final.text)}`;
  const events = [before.index, final.index];
  // Audio that the server had not read by the first one is between them, too.
  if (!hadReadAudio(realtime, before))
    return unclear(events, ONCE, `${actual}, unless audio was still under way`);
  return madeBy(MISTAKES.twice, doubtful(events, ONCE, actual));
}
