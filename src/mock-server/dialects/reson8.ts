import { pcmEar, sniffingEar, type Ear } from '../../audio/ear.ts';
import { SAMPLE_RATES, type AudioFormat } from '../../audio/format.ts';
import type { Problem, ServerSay, Word } from '../../scenario/script.ts';
import { jsonFrame, type Frame } from '../../wire/frame.ts';
import {
  type Codec,
  type AdmissionContext,
  type HttpAnswer,
  type Opening,
  type ServerDialect,
  type UpgradeRequest,
} from './dialect.ts';
import { opensRealtime } from './keys.ts';
import type { ClientInput } from '../engine/messages.ts';
import { RESON8_FORM } from './reson8-form.ts';
import { quote, readObject } from './json.ts';

const REALTIME = '/v1/speech-to-text/realtime';

/** Reson8's realtime socket as S4 has it. */
export const reson8: ServerDialect = {
  ...RESON8_FORM,
  name: 'reson8',
  isAt: (path) => path === REALTIME,
  hasService: false,
  tokenOf: ({ headers }) => readCredential(headers).key,
  admit,
  letIn: ({ query, headers }, failure) => {
    const { subprotocol } = readCredential(headers);
    return {
      dialect: 'reson8',
      language: query.get('language') ?? undefined,
      ear: REFUSED.ear,
      codec: conversationOf(REFUSED),
      ...(subprotocol === undefined ? {} : { subprotocol }),
      failure,
    };
  },
};

function admit({ query, headers }: UpgradeRequest, context: AdmissionContext): Opening | HttpAnswer {
  const credential = readCredential(headers);
  const verdict = context.keys(credential.key);
  if (verdict === 'missing') return RESON8_FORM.problem(401, 'Missing credentials');
  if (!opensRealtime(verdict)) return RESON8_FORM.problem(401, 'Invalid or expired credentials');
  const settings = readSettings(query);
  if (typeof settings === 'string') return RESON8_FORM.problem(400, settings);
  return {
    dialect: 'reson8',
    language: query.get('language') ?? undefined,
    ear: settings.ear,
    codec: conversationOf(settings),
    ...(credential.subprotocol === undefined ? {} : { subprotocol: credential.subprotocol }),
  };
}

/** `Authorization: ApiKey …` or `Bearer …`, or the subprotocols `bearer, <token>` for browsers (S4:11-17). */
function readCredential(headers: UpgradeRequest['headers']): { key?: string; subprotocol?: string } {
  const [name, token] = (headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
  // A browser fails when the server selects none of the subprotocols that it offered.
  const subprotocol = name === 'bearer' ? { subprotocol: name } : {};
  const [, header] = /^(?:ApiKey|Bearer) +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const key = header ?? (name === 'bearer' ? token : undefined);
  return { ...subprotocol, ...(key === undefined ? {} : { key }) };
}

interface Settings {
  readonly ear: Ear;
  readonly timestamps: boolean;
  readonly words: boolean;
  readonly confidence: boolean;
  readonly interim: boolean;
}

/** For a connection that hears nothing but why it is refused. */
const REFUSED: Settings = {
  ear: sniffingEar({ encoding: 's16le', sampleRate: 16_000, channels: 1 }),
  timestamps: false,
  words: false,
  confidence: false,
  interim: false,
};

/** Reads the parameters of S4:22-29, or says what is wrong with one. Other parameters are not looked at. */
function readSettings(query: URLSearchParams): Settings | string {
  const wrong: string[] = [];
  const read = <T>(
    name: string,
    fallback: T,
    parse: (text: string) => T | undefined,
    expected: string,
  ): T => {
    const texts = query.getAll(name);
    const [text] = texts;
    if (text === undefined) return fallback;
    const value = texts.length === 1 ? parse(text) : undefined;
    if (value === undefined) {
      wrong.push(`${name}: expected ${expected}, got ${texts.map(quote).join(' and ')}`);
    }
    return value ?? fallback;
  };
  const flag = (name: string) =>
    read(
      name,
      false,
      (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
      'true or false',
    );

  const { lowest, highest } = SAMPLE_RATES;
  const encoding = read('encoding', 'auto', oneOf('auto', 'pcm_s16le'), 'auto or pcm_s16le');
  const sampleRate = read(
    'sample_rate',
    16_000,
    numberIn(lowest, highest),
    `a number from ${lowest} to ${highest}`,
  );
  const channels = read('channels', 1, wholeFrom(1), 'a whole number from 1');
  const raw: AudioFormat = { encoding: 's16le', sampleRate, channels };
  const settings: Settings = {
    ear: encoding === 'auto' ? sniffingEar(raw) : pcmEar(raw),
    timestamps: flag('include_timestamps'),
    words: flag('include_words'),
    confidence: flag('include_confidence'),
    interim: flag('include_interim'),
  };
  return wrong.length > 0 ? wrong.join('; ') : settings;
}

function oneOf(...values: readonly string[]): (text: string) => string | undefined {
  return (text) => values.find((value) => value === text);
}

function numberIn(low: number, high: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : undefined;
  };
}

function wholeFrom(low: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && Number.isSafeInteger(value) ? value : undefined;
  };
}

function conversationOf(settings: Settings): Codec {
  return {
    hear: (frame) =>
      frame.kind === 'binary' ? { kind: 'audio', bytes: frame.bytes } : hearRequest(frame.text),
    speak: (say) => speak(say, settings),
    closeCode,
    isResult: (text) => /"type"\s*:\s*"transcript"/.test(text),
  };
}

/** Not documented. What the client did wrong is 1008, anything else that ends a session early is 1011. */
function closeCode(problem: Problem | undefined): number {
  if (problem === undefined) return 1000;
  return problem === 'invalid-request' || problem === 'unauthorized' || problem === 'timeout' ? 1008 : 1011;
}

function hearRequest(text: string): ClientInput {
  const message = readObject(text);
  if (typeof message === 'string') return { kind: 'unreadable', message };
  const { type, id } = message;
  if (type !== 'flush_request') {
    return { kind: 'unreadable', message: `Unknown type ${quote(type)}: expected "flush_request"` };
  }
  if (id === undefined || id === null) return { kind: 'flush', id: null, message };
  if (typeof id === 'string') return { kind: 'flush', id, message };
  return { kind: 'unreadable', message: `Invalid id: expected a string, got ${quote(id)}` };
}

function errorCode(problem: Problem): string {
  if (problem === 'unauthorized') return 'UNAUTHORIZED';
  return closeCode(problem) === 1008 ? 'INVALID_REQUEST' : 'INTERNAL_ERROR';
}

function speak(say: ServerSay, settings: Settings): readonly Frame[] {
  switch (say.kind) {
    case 'partial':
      return settings.interim ? [transcript(say, false, settings)] : [];
    case 'final':
      return [transcript(say, true, settings)];
    case 'flushed':
      return [jsonFrame({ type: 'flush_confirmation', ...(say.id === undefined ? {} : { id: say.id }) })];
    case 'error': {
      // Assumed: S4 gives codes only for the upgrade.
      return [jsonFrame({ type: 'error', code: errorCode(say.problem), message: say.message })];
    }
    case 'state':
      return [];
  }
}

/** Each flag adds its fields and no others, in the order of S4:88-102. Times are on the stream's clock. */
function transcript(
  say: Extract<ServerSay, { kind: 'partial' | 'final' }>,
  isFinal: boolean,
  asked: Settings,
): Frame {
  const { words, startMs, extra } = say;
  const isBare = say.kind === 'partial' && say.isBare === true;
  const settings = isBare ? { ...asked, timestamps: false, words: false } : asked;
  const endMs = words.at(-1)?.endMs ?? startMs;
  return jsonFrame({
    type: 'transcript',
    text: words.map(({ text }) => text).join(' '),
    ...(settings.interim ? { is_final: isFinal } : {}),
    ...(settings.timestamps ? { start_ms: startMs, duration_ms: endMs - startMs } : {}),
    ...(settings.words ? { words: words.map((word) => wordDetail(word, settings)) } : {}),
    ...extra,
  });
}

function wordDetail({ text, startMs, endMs, confidence }: Word, settings: Settings): Record<string, unknown> {
  return {
    text,
    ...(settings.timestamps ? { start_ms: startMs, duration_ms: endMs - startMs } : {}),
    ...(settings.confidence ? { confidence } : {}),
  };
}
