import type { Play } from '../../../../../src/conformance/judge/invariant.ts';
import type { TraceContext, TraceFact } from '../../../../../src/wire/trace.ts';
import {
  audio,
  close,
  context,
  events,
  heard,
  play,
  request,
  response,
  said,
  SPEECH,
} from '../../../play.ts';

/**
 * Connections for turns, in the words of `test/conformance/play.ts` and these:
 *
 *     session            a connection with a query that goes on with the given facts
 *     attempt            one that may be refused
 *     START, END         `turn_start`, `turn_end`
 *     GOES_ON            `turn_continuation`
 *     candidate, MAYBE   a `turn_end_candidate`; words and timed give its words, or itself, times
 *     TURN               a whole turn
 *     spoken             audio that is speech
 *     FLUSH, ERROR       a flush request; an error of the server
 *     LEAVES             the client closes, and TCP ends
 *     RAW, KEY, AS       audio whose length shows; the key in a header; what the observer knows of the credential
 */

export const PATH = '/v1/speech-to-text/turns';
export type Facts = readonly (TraceFact & { readonly afterMs?: number })[];

/** Audio whose length shows. */
export const RAW = 'encoding=pcm_s16le';
export const KEY = { authorization: 'ApiKey redacted-1' };
export const AS = (credential: NonNullable<TraceContext['credential']>) =>
  context({ dialect: 'reson8-turns', credential });
export const FLUSH = said({ type: 'flush_request' });
export const START = heard({ type: 'turn_start' });
export const GOES_ON = heard({ type: 'turn_continuation' });
export const END = heard({ type: 'turn_end' });
export const candidate = (text: unknown, more: object = {}) =>
  heard({ type: 'turn_end_candidate', text, ...more });
export const MAYBE = candidate('one two three');
export const TURN: Facts = [START, MAYBE, END];
export const spoken = (ms: number): Facts => [SPEECH, audio(ms)];
export const ERROR = heard({ type: 'error', code: 'INTERNAL_ERROR', message: 'No' });
export const LEAVES: Facts = [close('client'), { kind: 'end', by: 'client', how: 'close', code: 1000 }];

/** An attempt to connect, and how it is answered. */
export const attempt = (
  credential: NonNullable<TraceContext['credential']>,
  status: number,
  query = '',
  headers: Record<string, string> = KEY,
  ...facts: Facts
): Play =>
  play(
    events([AS(credential), request(`${PATH}?${query}`, headers), response(status, undefined, {}), ...facts]),
  );

/** A connection for turns with this query; the first fact is event 2. */
export const session = (query: string, ...facts: Facts): Play =>
  play(events([request(query === '' ? PATH : `${PATH}?${query}`), response(101), ...facts]));

/** A candidate whose words have these times. */
export const words = (...all: readonly (readonly [string, number, number])[]) =>
  candidate(all.map(([text]) => text).join(' '), {
    start_ms: 0,
    duration_ms: 1000,
    words: all.map(([text, from, to]) => ({ text, start_ms: from, duration_ms: to - from })),
  });
export const timed = (from: number, to: number) =>
  candidate('one two three', { start_ms: from, duration_ms: to - from });

export interface Case {
  readonly id: string;
  readonly held: readonly Play[];
  readonly broken: readonly (readonly [Play, string])[];
  readonly silent: Play;
}
