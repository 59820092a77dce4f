import { endingOf, OF_SERVICE } from '../../shared/ending.ts';
import {
  awaiting,
  broken,
  held,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { perPlay, realtimesOf, wholeOf, type Realtime, type Span, type Transcript } from '../realtime.ts';
import { grouped } from '../../../../runtime/grouped.ts';

/** The same audio in other documented formats (S4:22-24) is heard at the same times. */
export const formats: readonly Invariant[] = [perPlay('R8-TR-017', compared)];

function* compared(play: Play): Iterable<Occasion> {
  const formatted = realtimesOf(play).filter(
    ({ context }) => context.group !== undefined && context.role === 'format',
  );
  for (const [usual, ...others] of grouped(formatted, ({ context }) => context.group).values()) {
    if (usual === undefined) continue;
    for (const other of others) yield* sameTimes(usual, other, play.tolerances.audioMs);
  }
}

/**
 * Compares the span from the first word to the last: in another format a recogniser may hear different words, but not
 * at different times.
 */
function* sameTimes(usual: Realtime, other: Realtime, toleranceMs: number): Iterable<Occasion> {
  const [before, after] = [spokenIn(usual), spokenIn(other)];
  // Without times in the usual format there is nothing to compare with.
  if (before === undefined) return;
  const name = formatOf(other);
  const expected = `${name}: speech ${textOf(before)} as in ${formatOf(usual)}, give or take ${toleranceMs} ms`;
  if (after === undefined) {
    const actual = `${name}: no transcript with times`;
    const obstacle = obstacleIn(other);
    if (obstacle !== undefined) yield unclear(before.events, expected, `${actual}, ${obstacle}`);
    else yield awaiting(broken(before.events, expected, actual), wholeOf(other));
    return;
  }
  const events = [...before.events, ...after.events];
  if (usual.end?.event.how === 'reset' || other.end?.event.how === 'reset') {
    yield unclear(events, expected, 'a connection that was cut off');
    return;
  }
  const apartMs = Math.max(Math.abs(before.startMs - after.startMs), Math.abs(before.endMs - after.endMs));
  yield apartMs <= toleranceMs
    ? held(...events)
    : broken(events, expected, `${name}: speech ${textOf(after)}`);
}

/** A reason other than its format why a session may lack transcripts. */
function obstacleIn(realtime: Realtime): string | undefined {
  const status = realtime.response?.event.status ?? 101;
  if (status === 429 || status >= 500) return `and HTTP ${status}`;
  const ending = endingOf(realtime);
  if (ending?.by !== 'server') return undefined;
  const isCut = ending.code === undefined || OF_SERVICE.includes(ending.code);
  return isCut ? 'and the server went away' : undefined;
}

/** A span on the audio clock, and the transcripts that show it. */
type Spoken = Span & { readonly events: readonly number[] };

function spokenIn({ transcripts }: Realtime): Spoken | undefined {
  const timed = transcripts.flatMap((each) => (isSpoken(each) ? [each] : []));
  const [first, last] = [timed[0], timed.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { startMs: first.span.startMs, endMs: last.span.endMs, events: [first.index, last.index] };
}

function isSpoken(transcript: Transcript): transcript is Transcript & { readonly span: Span } {
  return !transcript.isInterim && transcript.saysSomething && transcript.span !== undefined;
}

function textOf({ startMs, endMs }: Span): string {
  return `from ${Math.round(startMs)} to ${Math.round(endMs)} ms`;
}

function formatOf({ query }: Realtime): string {
  const [rate, channels] = [query.get('sample_rate') ?? '16000', query.get('channels') ?? '1'];
  return `${rate} Hz, ${channels === '1' ? 'one channel' : `${channels} channels`}`;
}
