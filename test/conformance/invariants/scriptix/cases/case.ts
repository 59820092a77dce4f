import type { Play } from '../../../../../src/conformance/judge/invariant.ts';
import type { TraceContext, TraceFact } from '../../../../../src/wire/trace.ts';
import { audio, close, context, events, heard, play, request, response, said } from '../../../play.ts';

/**
 * Scriptix connections, in the words of `test/conformance/play.ts` and these:
 *
 *     of                 a connection of the given facts alone
 *     mic, stream        one that has begun (STARTED with 10 s of audio; LISTENING) and goes on with them
 *     asked              a request, what only the observer knows of it, and what came of it
 *     OPENED, BEGUN      accepted and started; the server listens, too
 *     REFUSED, TOLD      refused with 401; accepted, then an error message and Close 1000
 *     partial, final     a result of the server; the words of a final take 200 ms each
 *     report             what a client says that its user sees
 *     end                how TCP ended, and by whom
 */

/** Plays for an invariant, in which its requirement is kept, broken, and not exercised. */
export interface Case {
  readonly id: string;
  readonly held: Play;
  readonly broken: readonly Breach[];
  /** Without the witness, so that the requirement is not exercised. */
  readonly silent: Play;
}

export interface Breach {
  readonly play: Play;
  readonly evidence: readonly number[];
  /** Other requirements that are inevitably broken or doubtful with it. */
  readonly also?: readonly string[];
  /** `doubtful` where this is not a breach (section 8: WARN). */
  readonly outcome?: 'broken' | 'doubtful';
}

/** A connection with these facts only, 10 ms apart unless they say otherwise. */
export const of = (...facts: readonly TraceFact[]): Play => play(events(facts));

export const MICROPHONE_URL = '/v2/realtime?token=redacted-1&language=en&type=fast';
export const STREAM_URL =
  '/v2/client/redacted-1?url=http%3A%2F%2Fexample.test%2Fa.mp3%3Fsig%3Dredacted-2&language=en&type=fast';

/** Events 0 to 4: open and started, with audio that is speech of 32 bytes per millisecond. */
export const STARTED: readonly TraceFact[] = [
  request(MICROPHONE_URL),
  response(101),
  said({ action: 'start' }),
  heard({ state: 'listening' }),
  context({ audio: { bytesPerMs: 32, content: 'speech' } }),
];
/** A started microphone connection with 10 s of audio: events 0 to 5. */
export const mic = (...facts: readonly TraceFact[]): Play => of(...STARTED, audio(10_000), ...facts);

/** An open stream connection with a source that can be fetched: events 0 to 3. */
export const LISTENING: readonly TraceFact[] = [
  request(STREAM_URL),
  context({ credential: 'valid', source: 'mp3' }),
  response(101),
  heard({ state: 'listening' }),
];
export const stream = (...facts: readonly TraceFact[]): Play => of(...LISTENING, ...facts);

/** A request with what is known about it, and whether the server refused or accepted it. */
export const asked = (target: string, about: TraceContext, ...facts: readonly TraceFact[]): Play =>
  of(request(target), context(about), ...facts);

export const OPENED: readonly TraceFact[] = [response(101), said({ action: 'start' })];
export const BEGUN: readonly TraceFact[] = [...OPENED, heard({ state: 'listening' })];
export const REFUSED: readonly TraceFact[] = [
  response(401, { detail: 'Not authenticated' }),
  { kind: 'end', by: 'server', how: 'refused', code: 1006 },
];
export const TOLD: readonly TraceFact[] = [
  response(101),
  heard({ error: 'no' }),
  close('server', 1000),
  close('client', 1000),
];

export const partial = (text: unknown, offsetMs: unknown = 100, more: object = {}): TraceFact =>
  heard({ text, is_final: false, offset_ms: offsetMs, stability: 0.8, ...more });

/** A final whose words take 200 ms each from `startMs` on. */
export const final = (text: string, offsetMs = 100, more: object = {}, startMs = 0): TraceFact =>
  heard({
    text,
    is_final: true,
    offset_ms: offsetMs,
    words: text.split(' ').map((word, i) => [` ${word}`, startMs + i * 200, startMs + i * 200 + 200, 0.9]),
    ...more,
  });

export const report = (value: Readonly<Record<string, unknown>>): TraceFact => ({
  kind: 'report',
  report: value,
});
export const end = (
  by: 'client' | 'server' | undefined,
  how: 'close' | 'fin' | 'reset' | 'refused' = 'close',
  code = how === 'close' ? 1000 : 1006,
): TraceFact => ({ kind: 'end', ...(by === undefined ? {} : { by }), how, code });
