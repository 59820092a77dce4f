import { NEW_MODEL, type ClientStep } from '../../../src/scenario/client-script.ts';
import type { Call } from '../../../src/scenario/dialects/calls.ts';
import { BYTES_PER_MS, fixture } from '../audio.ts';
import { requestText } from '../clients/raw.ts';
import { WireClient } from '../clients/wire-client.ts';
import type { Target } from './player.ts';

/** A call as its client saw it. */
export interface CallOutcome {
  readonly kind: 'call';
  readonly call: Call;
  readonly client: WireClient;
  readonly dialledMs: number;
  readonly doneMs: number;
}

/** Longer than any answer of a service that is only slow. */
const CALL_MS = 60_000;

/** Makes a call and waits for its answer. These headers replace those of the call. */
export async function playCall(
  step: Extract<ClientStep, { verb: 'call' }>,
  { urls, time }: Target,
  token: string,
  headers: Readonly<Record<string, string>>,
): Promise<CallOutcome> {
  const { url, method, own, body } = requestOf(step, urls, token);
  const { host, pathname, search, href } = new URL(url);
  const head = requestText(method, `${pathname}${search}`, {
    Host: host,
    ...own,
    ...(method === 'GET' ? {} : { 'Content-Length': String(body.length) }),
    Connection: 'close',
    ...headers,
  });
  const dialledMs = time.now();
  const client = new WireClient(href, {
    now: () => time.now(),
    request: Buffer.concat([Buffer.from(head), body]),
  });
  await time.until(() => client.answer !== undefined || client.hasEnded, CALL_MS);
  client.abort('reset');
  const doneMs = client.answeredMs ?? client.endedMs ?? time.now();
  return { kind: 'call', call: step.call, client, dialledMs, doneMs };
}

interface Request {
  readonly url: string;
  readonly method: string;
  readonly own: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array();

function requestOf(
  { call, audioMs }: Extract<ClientStep, { verb: 'call' }>,
  { scriptix, reson8 }: Target['urls'],
  token: string,
): Request {
  switch (call) {
    case 'initialize':
    case 'status': {
      const isInitialize = call === 'initialize';
      return {
        url: `${scriptix.api}/${call}`,
        method: isInitialize ? 'POST' : 'GET',
        own: {
          'x-zoom-s2t-key': token,
          ...(isInitialize ? { 'Content-Type': 'application/json' } : {}),
        },
        body: NOTHING,
      };
    }
    case 'token':
      return {
        url: reson8.token,
        method: 'POST',
        own: { Authorization: `ApiKey ${token}` },
        body: NOTHING,
      };
    case 'prerecorded':
      return {
        url: `${reson8.prerecorded}?encoding=pcm_s16le`,
        method: 'POST',
        own: { Authorization: `ApiKey ${token}`, 'Content-Type': 'application/octet-stream' },
        body: fixture('en-appointment.wav').pcm.subarray(0, audioMs * BYTES_PER_MS),
      };
    case 'custom-model':
      return {
        url: `${reson8.api}/custom-model`,
        method: 'POST',
        own: { Authorization: `ApiKey ${token}`, 'Content-Type': 'application/json' },
        body: Buffer.from(JSON.stringify(NEW_MODEL)),
      };
  }
}

/** The access token in the answer to a call for one. */
export function accessTokenIn({ call, client }: CallOutcome): string | undefined {
  if (call !== 'token' || client.answer?.status !== 200) return undefined;
  const found = /"access_token":"([^"]+)"/.exec(client.answer.body)?.[1];
  return found;
}
