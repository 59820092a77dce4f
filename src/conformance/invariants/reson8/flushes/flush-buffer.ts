import { derived } from '../../../conversation/derived.ts';
import { countUntil } from '../../../conversation/ordered.ts';
import { flushesOf, type Flush } from './flush-exchange.ts';
import type { Realtime, Transcript } from '../realtime.ts';
import { sentAudioOf } from '../transcripts/sound.ts';

/** At the beginning of a connection, this much speech certainly contains words. */
export const SPEECH_MS = 1000;
/** After a result or a flush, the audio may continue with a pause between two sentences. */
export const MORE_SPEECH_MS = 2000;

/**
 * `speech`: enough was sent since the last final or flush that it must contain words. `interim`: an interim had words
 * that no final has contained. Undefined: unknown.
 */
export type Buffered = 'speech' | 'interim' | undefined;

/** A flush, what the server had to finalise at that moment, and the transcripts that came for it. */
export interface FlushTurn {
  readonly flush: Flush;
  readonly buffered: Buffered;
  /** A message after this place may be why `buffered` is wrong. */
  readonly doubtedSince: number;
  /** Between the request and its confirmation. */
  readonly inTime: readonly Transcript[];
  /** Whether a final without words came between the request and its confirmation. */
  readonly hasEmptyFinal: boolean;
  /** Finals after the confirmation that are about audio before the request. */
  readonly late: readonly Transcript[];
}

/** All confirmed flushes, in order. */
export function flushTurnsOf(realtime: Realtime, audioMs: number): readonly FlushTurn[] {
  const { flushes } = flushesOf(realtime);
  const buffered = buffersAt(realtime);
  const between = (after: number, before: number) => {
    const from = countUntil(realtime.transcripts, after, ({ index }) => index);
    const to = countUntil(realtime.transcripts, before, ({ index }) => index);
    return realtime.transcripts.slice(from, Math.max(from, to));
  };
  return flushes.flatMap((flush) => {
    const { request, confirmation } = flush;
    if (confirmation === undefined) return [];
    const next = flushes[countUntil(flushes, confirmation.index, (other) => other.request.index)];
    const came = between(request.index, confirmation.index);
    return [
      {
        flush,
        buffered: buffered.get(request.index)?.holds,
        doubtedSince: buffered.get(request.index)?.since ?? request.index,
        inTime: came.filter(({ saysSomething }) => saysSomething),
        hasEmptyFinal: came.some(({ isInterim, saysSomething }) => !isInterim && !saysSomething),
        late: between(confirmation.index, next?.request.index ?? Infinity).filter((result) => {
          return result.saysSomething && !result.isInterim && isFromBefore(result, flush, audioMs);
        }),
      },
    ];
  });
}

/** Whether no audio was sent after the request, or the times of the transcript are before it. */
export function isFromBefore({ audio, span }: Transcript, { request }: Flush, audioMs: number): boolean {
  if (audio.byteCount === request.audio.byteCount) return true;
  const { ms: sentMs } = request.audio;
  return span !== undefined && sentMs !== undefined && span.startMs + audioMs < sentMs;
}

/** The contents of a buffer, and the event after which a wrong message may give a false impression of them. */
export interface Buffer {
  readonly holds: Buffered;
  readonly since: number;
}

/**
 * What was buffered at each flush request, by the place of the request. A result cannot contain audio that was sent
 * after the result came.
 */
export const buffersAt = derived((realtime: Realtime): ReadonlyMap<number, Buffer> => {
  const speech = new Map(
    sentAudioOf(realtime).map(({ index, content, ms }) => [index, content === 'speech' ? ms : 0]),
  );
  const results = new Map(realtime.transcripts.map((transcript) => [transcript.index, transcript]));
  const requests = new Set(flushesOf(realtime).flushes.map(({ request }) => request.index));
  const unusable = unusableIn(realtime);
  const found = new Map<number, Buffer>();
  let emptiedAt = realtime.moments[0]?.index ?? 0;
  let since: number | undefined;
  let speechMs = 0;
  let enoughMs = SPEECH_MS;
  let hasInterim = false;
  for (const { index } of realtime.moments) {
    speechMs += speech.get(index) ?? 0;
    const result = results.get(index);
    if (result?.isInterim === true) hasInterim = result.saysSomething;
    const isFlush = requests.has(index);
    if (unusable.has(index)) since ??= index;
    if (isFlush) {
      const holds = speechMs >= enoughMs ? 'speech' : hasInterim ? 'interim' : undefined;
      // The results before an interim show whether it is one.
      found.set(index, { holds, since: holds === 'interim' ? emptiedAt : (since ?? index) });
    }
    const isFinal = result?.isInterim === false && result.saysSomething;
    if (isFlush || isFinal) {
      [speechMs, enoughMs, hasInterim] = [0, MORE_SPEECH_MS, false];
      [since, emptiedAt] = [undefined, index];
    }
  }
  return found;
});

/** Messages that may be finals, but whose words are unreadable. */
function unusableIn({ heard, transcripts }: Realtime): ReadonlySet<number> {
  const strange = heard.filter(({ message: { kind } }) => kind === 'unreadable' || kind === 'other');
  const wordless = transcripts.filter(({ isInterim, saysSomething }) => !isInterim && !saysSomething);
  return new Set([...strange, ...wordless].map(({ index }) => index));
}
