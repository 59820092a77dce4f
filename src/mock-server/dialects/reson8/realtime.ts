import type { Reson8Edition } from '../../../protocol/editions.ts';
import { sniffingEar, type Ear } from '../../../audio/ear.ts';
import { RAW_DEFAULT } from '../../../audio/format.ts';
import type { ServerSay } from '../../../scenario/script.ts';
import { jsonFrame, type Frame } from '../../../wire/frame.ts';
import type { Codec, ServerDialect, SpokenOn } from '../dialect.ts';
import { closeCode, confirmationFrame, errorFrame, hearFrame, wordFields } from './messages.ts';
import {
  languageOf,
  MOST_CHANNELS,
  PLAIN_SPEECH,
  speakerId,
  speakersIn,
  speechIn,
  spokenAs,
  type Speech,
} from './parameters.ts';
import { DOCUMENTED_ENCODINGS, earIn, readerOf, STREAM_ENCODINGS } from './request.ts';
import { socketOf } from './socket.ts';

const REALTIME = '/v1/speech-to-text/realtime';

interface Settings {
  readonly ear: Ear;
  readonly timestamps: boolean;
  readonly words: boolean;
  readonly confidence: boolean;
  readonly interim: boolean;
  readonly speech: Speech;
  /** The maximum number of speakers that are distinguished; undefined if none are. */
  readonly mostSpeakers: number | undefined;
}

/** For a connection that only receives the reason for its refusal. */
const REFUSED: Settings = {
  ear: sniffingEar(RAW_DEFAULT),
  timestamps: false,
  words: false,
  confidence: false,
  interim: false,
  speech: PLAIN_SPEECH,
  mostSpeakers: undefined,
};

/**
 * Reads the parameters of S4:22-29, and those of newer pages if they are in force, or returns what is wrong with one.
 * Other parameters are ignored, except that made-up words are in whatever language a client names.
 */
function readSettings(query: URLSearchParams, { hasNewerParameters }: Reson8Edition): Settings | string {
  const reader = readerOf(query);
  const { flag, wrong } = reader;
  const settings: Settings = {
    ear: hasNewerParameters
      ? earIn(reader, STREAM_ENCODINGS, MOST_CHANNELS)
      : earIn(reader, DOCUMENTED_ENCODINGS),
    timestamps: flag('include_timestamps'),
    words: flag('include_words'),
    confidence: flag('include_confidence'),
    interim: flag('include_interim'),
    speech: hasNewerParameters
      ? speechIn(reader)
      : { ...PLAIN_SPEECH, languages: query.getAll('language').slice(0, 1) },
    mostSpeakers: hasNewerParameters ? speakersIn(reader) : undefined,
  };
  return wrong.length > 0 ? wrong.join('; ') : settings;
}

/** Reson8's realtime socket as documented in S4. */
export const reson8: ServerDialect = {
  ...socketOf({
    read: readSettings,
    open: (_request, settings) => ({
      dialect: 'reson8',
      ...spokenAs(settings.speech),
      ...(settings.mostSpeakers === undefined ? {} : { mostSpeakers: settings.mostSpeakers }),
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
    speak: (say, session) => speak(say, settings, session),
    closeCode,
    isResult: (text) => /"type"\s*:\s*"transcript"/.test(text),
  };
}

function speak(say: ServerSay, settings: Settings, session: SpokenOn): readonly Frame[] {
  switch (say.kind) {
    case 'partial':
      return settings.interim ? [transcript(say, settings, interimFields(settings))] : [];
    case 'final':
      return [transcript(say, settings, finalFields(say, settings, session))];
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

/** The fields that only interims have: their language is not known yet. */
function interimFields({ speech }: Settings): Readonly<Record<string, unknown>> {
  return { is_final: false, ...(speech.namesLanguage ? { language: '' } : {}) };
}

function finalFields(
  { words, speaker }: Extract<ServerSay, { kind: 'final' }>,
  { interim, speech, mostSpeakers }: Settings,
  { speakers, lastSpeaker }: SpokenOn,
): Readonly<Record<string, unknown>> {
  return {
    ...(interim ? { is_final: true } : {}),
    ...(speech.namesLanguage ? { language: languageOf(words, speech) } : {}),
    ...(mostSpeakers === undefined
      ? {}
      : { speaker_id: speakerId(speaker ?? lastSpeaker, speakers, mostSpeakers) }),
  };
}

/** Each flag adds its fields and no others, in the order of S4:88-102. Times are on the stream's clock. */
function transcript(
  say: Extract<ServerSay, { kind: 'partial' | 'final' }>,
  asked: Settings,
  own: Readonly<Record<string, unknown>>,
): Frame {
  const { words, startMs, extra } = say;
  const isBare = say.kind === 'partial' && say.isBare === true;
  const settings = isBare ? { ...asked, timestamps: false, words: false } : asked;
  const endMs = words.at(-1)?.endMs ?? startMs;
  return jsonFrame({
    type: 'transcript',
    text: words.map(({ text }) => text).join(' '),
    ...own,
    ...(settings.timestamps ? { start_ms: startMs, duration_ms: endMs - startMs } : {}),
    ...(settings.words ? { words: words.map((word) => wordFields(word, settings)) } : {}),
    ...extra,
  });
}
