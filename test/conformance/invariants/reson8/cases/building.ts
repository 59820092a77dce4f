import { readFileSync } from 'node:fs';
import type { Play } from '../../../../../src/conformance/judge/invariant.ts';
import type { TraceFact } from '../../../../../src/wire/trace.ts';
import { context, events, heard, play, request, response, said, SPEECH } from '../../../play.ts';

/**
 * Reson8 connections, in the words of `test/conformance/play.ts` and these:
 *
 *     upgrade, switched         the upgrade with a query, and its 101
 *     open                      both, and that the audio is speech: three events
 *     session                   a play that begins so and goes on with the given facts
 *     probe                     a play whose observer knows whether the credential is valid
 *     flush, confirmed          a flush request, and its confirmation
 *     transcript                a result of the server
 *     report                    what a client says that its user sees
 *     end                       how TCP ended, and by whom
 *     sample                    a sample message of the document; SMALL is one
 *     KEY, BROWSER              the key in a header; as a subprotocol
 *     INTERIM, TIMES, WORDS, CONFIDENCE, ALL    switches of the query
 */

/** Plays in which one requirement is kept, broken, and not exercised. */
export interface Case {
  readonly id: string;
  readonly held: Play;
  readonly broken: Play;
  /** The events of the first broken occasion, and a part of its text. */
  readonly evidence: readonly number[];
  readonly actual: string;
  /** Other requirements that the same play breaks, because one fault has two sides. */
  readonly also?: readonly string[];
  readonly silent: Play;
}

export type Facts = readonly (TraceFact & { readonly afterMs?: number })[];

export const PATH = '/v1/speech-to-text/realtime';
export const KEY = { authorization: 'ApiKey redacted-1' };
export const BROWSER = { 'sec-websocket-protocol': 'bearer, redacted-1' };
const SWITCHED = { upgrade: 'websocket', connection: 'Upgrade' };

export const INTERIM = 'include_interim=true';
export const TIMES = 'include_timestamps=true';
export const WORDS = 'include_words=true';
export const CONFIDENCE = 'include_confidence=true';
export const ALL = [INTERIM, TIMES, WORDS, CONFIDENCE].join('&');

export const upgrade = (query = '', headers: Record<string, string> = KEY): TraceFact =>
  request(query === '' ? PATH : `${PATH}?${query}`, headers);
export const switched = (headers: Record<string, string> = {}): TraceFact =>
  response(101, undefined, { ...SWITCHED, ...headers });

export const UNAUTHORIZED = response(401, { code: 'UNAUTHORIZED', message: 'no' });

/** An open connection in three events, whose audio is speech. */
export const open = (query = ''): Facts => [upgrade(query), switched(), SPEECH];
/** An open connection with this query that goes on with these facts: the first fact is event 3. */
export const session = (query: string, ...facts: Facts): Play => play(events([...open(query), ...facts]));
/** A connection as opened by an observer who knows about the credential. Event 0 is that knowledge. */
export const probe = (credential: 'valid' | 'invalid' | 'missing', ...facts: Facts): Play =>
  play(events([context({ credential }), ...facts]));

export const flush = (id?: unknown): TraceFact =>
  said({ type: 'flush_request', ...(id === undefined ? {} : { id }) });
export const confirmed = (id?: unknown): TraceFact =>
  heard({ type: 'flush_confirmation', ...(id === undefined ? {} : { id }) });
export const transcript = (text: unknown, more: Record<string, unknown> = {}): TraceFact =>
  heard({ type: 'transcript', text, ...more });
export const report = (fields: Record<string, unknown>): TraceFact => ({ kind: 'report', report: fields });
export const end = (by: 'client' | 'server', how: 'close' | 'fin' = 'close', code = 1000): TraceFact => ({
  kind: 'end',
  by,
  how,
  code,
});

/** The samples of the document, by the line where they begin. */
const SAMPLES = new Map(
  (
    JSON.parse(readFileSync('fixtures/documents/S4.json', 'utf8')) as {
      source: string;
      message: Record<string, unknown>;
    }[]
  ).map(({ source, message }) => [source, message]),
);
export const sample = (source: string): Record<string, unknown> => {
  const message = SAMPLES.get(source);
  if (message === undefined) throw new Error(`no sample ${source}`);
  return message;
};
export const SMALL = sample('S4:84');
export const FULL = sample('S4:88');
export const FULL_WORDS = FULL['words'] as readonly Record<string, unknown>[];
/** The sample with changed words; `change` gets each word with its index. */
export const withWords = (
  change: (word: Record<string, unknown>, at: number) => unknown,
): Record<string, unknown> => ({ ...FULL, words: FULL_WORDS.map(change) });
export const without = (
  message: Record<string, unknown>,
  ...names: readonly string[]
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)));
