import { sniffingEar, type Ear } from '../../../audio/ear.ts';
import { RAW_DEFAULT } from '../../../audio/format.ts';
import type { ServerSay, TurnPauses } from '../../../scenario/script.ts';
import { jsonFrame, type Frame } from '../../../wire/frame.ts';
import type { Codec, ServerDialect } from '../dialect.ts';
import { closeCode, confirmationFrame, errorFrame, hearFrame, wordFields } from './messages.ts';
import { languageOf, MOST_CHANNELS, PLAIN_SPEECH, speechIn, spokenAs, type Speech } from './parameters.ts';
import { earIn, numberIn, readerOf, STREAM_ENCODINGS } from './request.ts';
import { socketOf } from './socket.ts';
import { pausesOf } from './turn-pauses.ts';

const TURNS = '/v1/speech-to-text/turns';

interface Settings {
  readonly speech: Speech;
  readonly ear: Ear;
  readonly pauses: TurnPauses;
  readonly timestamps: boolean;
  readonly words: boolean;
}

const DEFAULTS = { eager: 0.5, final: 0.92 };

/** For a connection that is admitted only to receive the reason for its refusal. */
const REFUSED: Settings = {
  speech: PLAIN_SPEECH,
  ear: sniffingEar(RAW_DEFAULT),
  pauses: pausesOf(DEFAULTS.eager, DEFAULTS.final),
  timestamps: false,
  words: false,
};

/** Reads the parameters of the vendor's page, or returns what is wrong with them. Unknown parameters are ignored. */
function readSettings(query: URLSearchParams): Settings | string {
  const reader = readerOf(query);
  const { read, flag, wrong } = reader;
  const probability = (name: string, fallback: number) =>
    read(name, fallback, numberIn(0, 1), 'a number from 0 to 1');
  const ear = earIn(reader, STREAM_ENCODINGS, MOST_CHANNELS);
  const speech = speechIn(reader);
  const eager = probability('eager_turn_probability', DEFAULTS.eager);
  const final = probability('final_turn_probability', DEFAULTS.final);
  const settings: Settings = {
    speech,
    ear,
    pauses: pausesOf(eager, final),
    timestamps: flag('include_timestamps'),
    words: flag('include_words'),
  };
  if (wrong.length > 0) return wrong.join('; ');
  if (eager <= final) return settings;
  return `eager_turn_probability: expected at most final_turn_probability (${final}), got ${eager}`;
}

/** The turns socket of Reson8. */
export const reson8Turns: ServerDialect = {
  ...socketOf({
    read: readSettings,
    open: (_request, settings) => ({
      dialect: 'reson8-turns',
      ...spokenAs(settings.speech),
      ear: settings.ear,
      codec: conversationOf(settings),
      turns: settings.pauses,
    }),
    refused: REFUSED,
  }),
  name: 'reson8-turns',
  isAt: (path) => path === TURNS,
};

function conversationOf(settings: Settings): Codec {
  return {
    hear: hearFrame,
    speak: (say) => speak(say, settings),
    closeCode,
    isResult: (text) => /"type"\s*:\s*"turn_end_candidate"/.test(text),
  };
}

function speak(say: ServerSay, settings: Settings): readonly Frame[] {
  switch (say.kind) {
    case 'turn-start':
      return [jsonFrame({ type: 'turn_start' })];
    case 'turn-continuation':
      return [jsonFrame({ type: 'turn_continuation' })];
    case 'turn-end':
      return [jsonFrame({ type: 'turn_end' })];
    case 'turn-end-candidate':
      return [candidate(say, settings)];
    case 'error':
      return [errorFrame(say)];
    // The service never sends this on the turns socket, but a scenario may.
    case 'flushed':
      return [confirmationFrame(say)];
    case 'partial':
    case 'final':
    case 'state':
      return [];
  }
}

/** Each flag of the request adds its own fields. Times count from the beginning of the stream; words have no confidence. */
function candidate(
  { words, startMs, extra }: Extract<ServerSay, { kind: 'turn-end-candidate' }>,
  settings: Settings,
): Frame {
  const endMs = words.at(-1)?.endMs ?? startMs;
  return jsonFrame({
    type: 'turn_end_candidate',
    text: words.map(({ text }) => text).join(' '),
    ...(settings.speech.namesLanguage ? { language: languageOf(words, settings.speech) } : {}),
    ...(settings.timestamps ? { start_ms: startMs, duration_ms: endMs - startMs } : {}),
    ...(settings.words
      ? { words: words.map((word) => wordFields(word, { ...settings, confidence: false })) }
      : {}),
    ...extra,
  });
}
