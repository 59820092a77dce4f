import { mainSocketOf, vendorOf, type Dialect } from '../../protocol/dialects.ts';
import { MODELS_PATH, PRERECORDED_PATH, TOKEN_PATH } from '../../protocol/reson8/rest.ts';
import { API_KEY_HEADER, ENDPOINTS } from '../../protocol/scriptix/rest.ts';
import {
  NEW_MODEL,
  readClientSteps,
  type ClientSession,
  type ClientStep,
} from '../../scenario/client-script.ts';
import type { TraceContext } from '../../wire/trace.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import { credentialHeaders, tokenOf } from './address.ts';
import { BYTES_PER_MS } from './sounds.ts';
import type { Target } from './target.ts';

/** A request of a REST API. */
export interface RestCall {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** What is known about its body. */
  readonly about: Pick<TraceContext, 'audio'>;
}

/** How a recording is sent, unless its query says otherwise. */
const RAW = { encoding: 'pcm_s16le' } as const;

/** The request of a call, with the credential of its session. */
export function callOf(
  { call, audioMs }: Extract<ClientStep, { verb: 'call' }>,
  session: ClientSession,
  target: Target,
): RestCall {
  const token = tokenOf(session, target);
  const { apiUrl } = target;
  switch (call) {
    case 'initialize':
    case 'status': {
      const { method, path } = ENDPOINTS[call];
      return {
        url: `${apiUrl}${path}`,
        method,
        headers: {
          ...(token === undefined ? {} : { [API_KEY_HEADER]: token }),
          ...(method === 'POST' ? { 'content-type': 'application/json', 'content-length': '0' } : {}),
        },
        body: undefined,
        about: {},
      };
    }
    case 'token':
      return {
        url: `${apiUrl}${TOKEN_PATH}`,
        method: 'POST',
        headers: token === undefined ? {} : credentialHeaders('apikey', token),
        body: new Uint8Array(),
        about: {},
      };
    case 'prerecorded':
      return recordingOf(session, target, token, audioMs);
    case 'custom-model':
      return {
        url: `${apiUrl}${MODELS_PATH}`,
        method: 'POST',
        headers: {
          ...(token === undefined ? {} : credentialHeaders(session.form ?? 'apikey', token)),
          'content-type': 'application/json',
        },
        body: Buffer.from(JSON.stringify(NEW_MODEL)),
        about: {},
      };
  }
}

function recordingOf(
  { form = 'apikey', query }: ClientSession,
  { apiUrl, sounds }: Target,
  token: string | undefined,
  audioMs: number,
): RestCall {
  const url = new URL(`${apiUrl}${PRERECORDED_PATH}`);
  for (const [name, value] of Object.entries<string | false>({ ...RAW, ...query })) {
    if (value !== false) url.searchParams.set(name, value);
  }
  const { pcm, content, recording } = sounds.sound(RECORDING);
  const named = recording === undefined ? {} : { recording };
  return {
    url: url.href,
    method: 'POST',
    headers: {
      ...(token === undefined ? {} : credentialHeaders(form, token)),
      'content-type': 'application/octet-stream',
    },
    body: pcm.subarray(0, audioMs * BYTES_PER_MS),
    about: audioMs === 0 ? {} : { audio: { bytesPerMs: BYTES_PER_MS, content, ...named } },
  };
}

const RECORDING = 'en-appointment.wav';

/** What a client of a REST API does when it connects. */
export function visitOf(dialect: Dialect): readonly ClientStep[] {
  return readClientSteps(RUNNER_DIALECTS[mainSocketOf(vendorOf(dialect))].visit);
}
