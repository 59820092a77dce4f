import { expect } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { connect, type ConnectOptions, type TestClient } from '../clients/client.ts';
import { isError, isState, violations } from './rules.ts';

export const TOKEN = 'some-token';

export interface MicrophoneOptions extends ConnectOptions {
  /** Query parameters besides the token. */
  readonly query?: Readonly<Record<string, string>>;
}

export function microphoneUrl(fake: MockServer, query: Readonly<Record<string, string>> = {}): string {
  const url = new URL(fake.urls.scriptix.realtime);
  for (const [name, value] of Object.entries({ token: TOKEN, ...query })) url.searchParams.set(name, value);
  return url.href;
}

/** A microphone connection that has been started and listens. */
export async function microphone(
  fake: MockServer,
  { query = {}, ...options }: MicrophoneOptions = {},
): Promise<TestClient> {
  const client = connect(microphoneUrl(fake, query), options);
  await client.open;
  client.send({ action: 'start' });
  await client.next(isState('listening'), 'listening');
  return client;
}

/** Sends audio and stop, and waits for the end. */
export async function dictate(
  client: TestClient,
  audio: Uint8Array,
  options: { readonly frameBytes?: number } = {},
): Promise<TestClient> {
  await client.sendAudio(audio, options);
  client.send({ action: 'stop' });
  const { code } = await client.closed;
  if (code !== 1000) throw new Error(`closed with ${code}`);
  return client;
}

/** The whole life of a microphone connection: start, audio, stop, Close. */
export async function transcribe(
  fake: MockServer,
  audio: Uint8Array,
  { frameBytes = 3200, ...options }: MicrophoneOptions & { readonly frameBytes?: number } = {},
): Promise<TestClient> {
  return dictate(await microphone(fake, options), audio, { frameBytes });
}

export interface StreamOptions extends ConnectOptions {
  readonly token?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** A stream connection; `source` is percent-encoded here. */
export function stream(
  fake: MockServer,
  source: string | undefined,
  { token = TOKEN, query = {}, ...options }: StreamOptions = {},
): TestClient {
  const address = fake.urls.scriptix.stream.replace('{token}', encodeURIComponent(token));
  const named = source === undefined ? query : { url: source, ...query };
  const pairs = Object.entries(named).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return connect(pairs.length === 0 ? address : `${address}?${pairs.join('&')}`, options);
}

/**
 * A server on which streams are played a little faster than real time. Much faster would be a risk on a busy machine,
 * because 15 s without an answer of the origin are an error.
 */
export const quick = () => startMockServer({ speed: 4 });

/** Plays a source to its end. */
export async function play(
  fake: MockServer,
  source: string,
  options: StreamOptions = {},
): Promise<TestClient> {
  const client = stream(fake, source, { timeoutMs: 15_000, ...options });
  await client.open;
  expect(await client.closed).toMatchObject({ code: 1000 });
  expect(client.messages.filter(isError).map(({ text }) => text)).toEqual([]);
  expect(violations({ messages: client.messages })).toEqual([]);
  return client;
}
