import { fieldsOf } from '../../runtime/json/fields.ts';
import { scriptixEdition, type ScriptixEdition } from '../../protocol/editions.ts';
import { sniffingEar } from '../../audio/ear.ts';
import { RAW_DEFAULT } from '../../audio/format.ts';
import { inDigits } from '../../generate/numbers.ts';
import type { ServerSay } from '../../scenario/script.ts';
import type { Message } from '../../scenario/told.ts';
import { jsonFrame, type Frame } from '../../wire/frame.ts';
import {
  type Codec,
  type AdmissionContext,
  type HttpAnswer,
  type Opening,
  type ServerDialect,
  type SpokenOn,
  type UpgradeRequest,
  type VendorForm,
} from './dialect.ts';
import {
  flaggedFinal,
  flaggedPartial,
  isFlaggedResult,
  isKaldiResult,
  kaldiFinal,
  kaldiPartial,
} from './scriptix-results.ts';
import { problemOf } from './failure.ts';
import { opensRealtime, type Keys } from './keys.ts';
import type { ClientInput } from '../engine/messages.ts';
import { quote, readObject } from './json.ts';

const MICROPHONE = '/v2/realtime';
const SHORT = '/realtime';
const STREAM = /^\/v2\/client(?:\/([^/]*))?$/;

/** What both sockets of Scriptix have in common. */
const FORM: VendorForm = {
  owns: (path) => path.startsWith('/v2/') || path.startsWith('/api/'),
  failureOf: ({ status, body }) => ({
    problem: problemOf(status),
    message: String(fieldsOf(body)['detail']),
  }),
  problem,
  full: (message) => problem(503, message),
};

/** The microphone socket as documented in S0 and S1. */
export const scriptix: ServerDialect = {
  ...FORM,
  name: 'scriptix',
  isAt: (path) => path === MICROPHONE || path === SHORT,
  isServed: (path, editions) =>
    path === MICROPHONE || (path === SHORT && scriptixEdition(editions).hasShortPath),
  hasService: true,
  tokenOf: ({ query, headers }) => microphoneToken(query, headers) || undefined,
  admit: admitMicrophone,
  letIn: ({ query }, failure, editions) => ({
    dialect: 'scriptix',
    codec: new Microphone(scriptixEdition(editions), languageIn(query)),
    failure,
    ...opening(query),
  }),
};

/** The stream socket as documented in S1 and S2. */
export const scriptixStream: ServerDialect = {
  ...FORM,
  name: 'scriptix-stream',
  isAt: (path) => STREAM.test(path),
  hasService: true,
  tokenOf: ({ path }) => streamToken(path) || undefined,
  admit: admitStream,
  letIn: ({ query }, failure, editions) => ({
    dialect: 'scriptix-stream',
    codec: new Stream(scriptixEdition(editions), languageIn(query)),
    failure,
    ...opening(query),
  }),
};

/** The form of the REST API's errors (S3:134-162); the documents do not say what a refused upgrade looks like. */
function problem(status: number, message: string): HttpAnswer {
  return { status, body: { detail: message } };
}

function admitMicrophone(
  { query, headers }: UpgradeRequest,
  context: AdmissionContext,
): Opening | HttpAnswer {
  const edition = scriptixEdition(context.editions);
  const verdict = context.keys(microphoneToken(query, headers));
  const comesLater = verdict === 'missing' && edition.hasKeyInStart;
  if (!opensRealtime(verdict) && !comesLater) return problem(401, 'Not authenticated');
  const type = query.get('type');
  if (!isModelType(type)) return problem(400, badType(type));
  if (!context.ready) return problem(503, NOT_READY);
  // Fields added after a copy would give each session a hidden class of its own, which would slow down each frame.
  return {
    dialect: 'scriptix',
    codec: new Microphone(
      edition,
      languageIn(query),
      edition.hasKeyInStart ? keyJudge(context.keys, comesLater) : undefined,
    ),
    ...opening(query),
  };
}

/** The token in the start command must be valid, and must be present if there was none before. */
function keyJudge(keys: Keys, isNeeded: boolean): KeyJudge {
  return ({ key }) => {
    if (key === undefined && !isNeeded) return undefined;
    return typeof key === 'string' && opensRealtime(keys(key)) ? undefined : 'Not authenticated';
  };
}

/** In stream mode every error scenario of S2:112-118 is answered in-band: `{"error":…}`, then a close. */
function admitStream({ path, query }: UpgradeRequest, context: AdmissionContext): Opening | HttpAnswer {
  const streamUrl = query.get('url') ?? '';
  const type = query.get('type');
  const verdict = context.keys(streamToken(path));
  const admit = (rest: Partial<Opening>): Opening => ({
    ...opening(query),
    dialect: 'scriptix-stream',
    codec: new Stream(scriptixEdition(context.editions), languageIn(query)),
    ...rest,
  });
  const fail = (message: string, kind: 'invalid-request' | 'unauthorized' | 'internal' = 'invalid-request') =>
    admit({ failure: { problem: kind, message } });

  if (verdict === 'missing') {
    return fail('Missing token: connect to /v2/client/{token} with an authentication token', 'unauthorized');
  }
  if (!opensRealtime(verdict)) return fail('Not authenticated: the token is not valid', 'unauthorized');
  if (!isModelType(type)) return fail(badType(type));
  if (streamUrl === '') return fail('Missing stream URL: stream mode requires the url parameter');
  if (!context.ready) return fail(NOT_READY, 'internal');
  return admit({ streamUrl });
}

const NOT_READY = 'Realtime service is not ready. Call /initialize to start it.';

/** Before any audio. */
const EAR = sniffingEar(RAW_DEFAULT);

function opening(query: URLSearchParams): Pick<Opening, 'language' | 'ear'> {
  return { language: languageIn(query), ear: EAR };
}

function languageIn(query: URLSearchParams): string | undefined {
  return query.get('language') ?? undefined;
}

/** An empty parameter is what a template produces when a client uses a header instead. */
function microphoneToken(query: URLSearchParams, headers: UpgradeRequest['headers']): string | undefined {
  return query.get('token') || headerToken(headers);
}

function streamToken(path: string): string {
  return decode(STREAM.exec(path)?.[1] ?? '');
}

/** The three headers of S0:27-29, for clients that can set them. */
function headerToken(headers: UpgradeRequest['headers']): string | undefined {
  for (const name of ['x-zoom-s2t-key', 'x-api-key', 'api-key']) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** `type` may be absent and then means fast (S0:16 gives it a default, S2:21 does not). */
function isModelType(type: string | null): boolean {
  return type === null || type === 'fast' || type === 'quality';
}

function badType(type: string | null): string {
  return `Invalid type ${quote(type)}: expected "fast" or "quality"`;
}

/** A decoded path segment; one that cannot be decoded is not a valid token. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

/** Why the token in a start command is not accepted; undefined if it is. */
type KeyJudge = (start: Message) => string | undefined;

/** A class, so that thousands of connections share one set of functions. */
class Microphone implements Codec {
  readonly #edition: ScriptixEdition;
  readonly #language: string | undefined;
  readonly #refusalOf: KeyJudge | undefined;

  constructor(edition: ScriptixEdition, language: string | undefined, refusalOf?: KeyJudge) {
    this.#edition = edition;
    this.#language = language;
    this.#refusalOf = refusalOf;
  }

  hear(frame: Frame): ClientInput | undefined {
    const input = hear(frame);
    if (input.kind !== 'start' || this.#refusalOf === undefined) return input;
    const refusal = this.#refusalOf(input.message ?? {});
    return refusal === undefined ? input : { ...input, refusal };
  }

  speak(say: ServerSay, session: SpokenOn): readonly Frame[] {
    return speak(asAsked(say, session.start, this.#language), session, this.#edition);
  }

  /** The only close code in the documents (S2:105), so it also follows an error message. */
  closeCode(): number {
    return 1000;
  }

  isResult(text: string): boolean {
    return this.#edition.results === 'kaldi' ? isKaldiResult(text) : isFlaggedResult(text);
  }
}

/** In stream mode the client has nothing to send (S2:128): everything except stop is ignored. */
class Stream extends Microphone {
  override hear(frame: Frame): ClientInput | undefined {
    const input = hear(frame);
    return input.kind === 'stop' ? input : undefined;
  }
}

function hear(frame: Frame): ClientInput {
  return frame.kind === 'binary' ? { kind: 'audio', bytes: frame.bytes } : hearCommand(frame.text);
}

function hearCommand(text: string): ClientInput {
  const message = readObject(text);
  if (typeof message === 'string') return { kind: 'unreadable', message };
  switch (message['action']) {
    case 'start':
      return { kind: 'start', message };
    case 'stop':
      return { kind: 'stop', message };
    case undefined:
      return { kind: 'unreadable', message: 'Invalid message: expected {"action":"start"}' };
    default:
      return {
        kind: 'unreadable',
        message: `Unknown action ${quote(message['action'])}: expected "start" or "stop"`,
      };
  }
}

/** The warning for a client that wants no partials, or digits for number words; undefined if there is none. */
function asAsked(
  say: ServerSay,
  start: Message | undefined,
  language: string | undefined,
): ServerSay | undefined {
  if (start === undefined || (say.kind !== 'partial' && say.kind !== 'final')) return say;
  if (say.kind === 'partial' && start['partial'] === false) return undefined;
  if (start['actual_numbers'] !== true) return say;
  return { ...say, words: say.words.map((word) => ({ ...word, text: inDigits(word.text, language) })) };
}

function speak(say: ServerSay | undefined, session: SpokenOn, edition: ScriptixEdition): readonly Frame[] {
  switch (say?.kind) {
    case 'state':
      return [jsonFrame(stateMessage(say, session, edition))];
    case 'partial':
      return [jsonFrame(edition.results === 'kaldi' ? kaldiPartial(say) : flaggedPartial(say))];
    case 'final':
      return [jsonFrame(edition.results === 'kaldi' ? kaldiFinal(say) : flaggedFinal(say))];
    case 'error':
      return [jsonFrame({ error: say.message })];
    // This service does not send them.
    case 'flushed':
    case undefined:
    case 'turn-start':
    case 'turn-end-candidate':
    case 'turn-continuation':
    case 'turn-end':
      return [];
  }
}

function stateMessage(
  { state, inMs }: Extract<ServerSay, { kind: 'state' }>,
  { id, unixMs }: SpokenOn,
  { namesSession }: ScriptixEdition,
): Readonly<Record<string, unknown>> {
  return {
    state,
    ...(namesSession && state === 'listening' ? { session_id: id } : {}),
    ...(inMs === undefined ? {} : { at: Math.floor((unixMs() + inMs) / 1000) }),
  };
}
