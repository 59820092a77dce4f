import { expect } from 'vitest';
import { INCLUDE_FLAGS, type IncludeFlags } from '../../src/protocol/reson8/handshake.ts';
import { anyTranscript, type ServerMessage, type Transcript } from '../../src/protocol/reson8/messages.ts';
import { connect, type Received, type TestClient } from './clients/client.ts';

/** Talking to a Reson8 server. */

export const KEY = { Authorization: 'ApiKey some-key' };

/** Every combination of the four flags, with its query. */
export const COMBINATIONS = Array.from({ length: 16 }, (_, bits) => {
  const flags = Object.fromEntries(INCLUDE_FLAGS.map((flag, i) => [flag, ((bits >> i) & 1) === 1]));
  const query = INCLUDE_FLAGS.map((flag) => `${flag}=${String(flags[flag])}`).join('&');
  const given = INCLUDE_FLAGS.filter((flag) => flags[flag]);
  return { name: given.join(' ') || 'no flag', query, flags: flags as unknown as IncludeFlags };
});
export const EVERYTHING = INCLUDE_FLAGS.map((flag) => `${flag}=true`).join('&');

export function dial(endpoint: string, query = '', headers: Record<string, string> = KEY): TestClient {
  return connect(`${endpoint}${query && `?${query}`}`, { headers });
}

export function flush(client: TestClient, id?: unknown): void {
  client.send({ type: 'flush_request', id });
}

export function confirmation(client: TestClient): Promise<Received> {
  return client.next(({ json }) => (json as ServerMessage).type === 'flush_confirmation', 'a confirmation');
}

/** Everything that the server sends for this audio and for a flush after it; then the session ends normally. */
export async function recognise(
  endpoint: string,
  query: string,
  audio: Uint8Array,
  frameBytes?: number,
): Promise<readonly unknown[]> {
  await using client = dial(endpoint, query);
  await client.open;
  await client.sendAudio(audio, frameBytes === undefined ? {} : { frameBytes });
  flush(client, 'end');
  await confirmation(client);
  client.close();
  expect(await client.closed).toEqual({ code: 1000, reason: '' });
  return client.values;
}

export function transcriptsOf(values: readonly unknown[]): readonly Transcript[] {
  return values
    .filter((value) => (value as ServerMessage).type === 'transcript')
    .map((value) => anyTranscript.parse(value));
}

export function finalsOf(values: readonly unknown[]): readonly Transcript[] {
  return transcriptsOf(values).filter(({ is_final }) => is_final !== false);
}

/** Where a transcript or a word ends; NaN without times. */
export function endOf(timed: {
  readonly start_ms?: number | undefined;
  readonly duration_ms?: number | undefined;
}): number {
  return (timed.start_ms ?? NaN) + (timed.duration_ms ?? NaN);
}
