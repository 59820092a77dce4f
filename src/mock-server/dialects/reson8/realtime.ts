import { sniffingEar, type Ear } from '../../../audio/ear.ts';
import { RAW_DEFAULT } from '../../../audio/format.ts';
import type { ServerSay, Word } from '../../../scenario/script.ts';
import { jsonFrame, type Frame } from '../../../wire/frame.ts';
import type { Codec, ServerDialect } from '../dialect.ts';
import { closeCode, confirmationFrame, errorFrame, hearFrame } from './messages.ts';
import { earOf, oneOf, rawFormat, readerOf } from './request.ts';
import { socketOf } from './socket.ts';

const REALTIME = '/v1/speech-to-text/realtime';
const ENCODINGS = ['auto', 'pcm_s16le'] as const;

interface Settings {
  readonly ear: Ear;
  readonly timestamps: boolean;
  readonly words: boolean;
  readonly confidence: boolean;
  readonly interim: boolean;
}

/** For a connection that only gets the reason for its refusal. */
const REFUSED: Settings = {
  ear: sniffingEar(RAW_DEFAULT),
  timestamps: false,
  words: false,
  confidence: false,
  interim: false,
};

/** Reads the parameters of S4:22-29, or returns what is wrong with one. Other parameters are ignored. */
function readSettings(query: URLSearchParams): Settings | string {
  const { read, flag, wrong } = readerOf(query);
  const settings: Settings = {
    ear: earOf(read('encoding', 'auto', oneOf(ENCODINGS), 'auto or pcm_s16le'), rawFormat(read)),
    timestamps: flag('include_timestamps'),
    words: flag('include_words'),
    confidence: flag('include_confidence'),
    interim: flag('include_interim'),
  };
  return wrong.length > 0 ? wrong.join('; ') : settings;
}

/** Reson8's realtime socket as S4 has it. */
export const reson8: ServerDialect = {
  ...socketOf({
    read: readSettings,
    open: ({ query }, settings) => ({
      dialect: 'reson8',
      language: query.get('language') ?? undefined,
      ear: settings.ear,
      codec: conversationOf(settings),
    }),
    refused: REFUSED,
  }),
  name: 'reson8',
  isAt: (path) => path === REALTIME,
};

function conversationOf(settings: Settings): Codec {
  return {
    hear: hearFrame,
    speak: (say) => speak(say, settings),
    closeCode,
    isResult: (text) => /"type"\s*:\s*"transcript"/.test(text),
  };
}

function speak(say: ServerSay, settings: Settings): readonly Frame[] {
  switch (say.kind) {
    case 'partial':
      return settings.interim ? [transcript(say, false, settings)] : [];
    case 'final':
      return [transcript(say, true, settings)];
    case 'flushed':
      return [confirmationFrame(say)];
    case 'error':
      return [errorFrame(say)];
    case 'state':
    case 'turn-start':
    case 'turn-end-candidate':
    case 'turn-continuation':
    case 'turn-end':
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
