import { UNREAD } from '../../../audio/container.ts';
import { sniffingEar, type Ear } from '../../../audio/ear.ts';
import { lengthOf, type Measured } from '../../../audio/lengths/length.ts';
import { SourceError, type SourceChunk } from '../../../audio/source.ts';
import { createMp3Decoder, decodeMp3 } from '../../../audio/sources/mp3.ts';
import { sniffBody } from '../../../audio/sources/sniff.ts';
import { atEndOfTurn } from '../../../runtime/turn.ts';
import type { ServerSay, ServerScript } from '../../../scenario/script.ts';
import { earOf } from '../../dialects/reson8/request.ts';
import type { Input } from '../../engine/messages.ts';
import { newSession } from '../../engine/state.ts';
import { step } from '../../engine/step.ts';
import type { AskedRecording } from './prerecorded-query.ts';
import { notAudio } from './not-audio.ts';
import { Refused, wrongBody } from './refused.ts';

/** A final result. */
export type Final = Extract<ServerSay, { kind: 'final' }>;

/** What was recognised in a recording. */
export interface HeardRecording {
  readonly finals: readonly Final[];
  /** Milliseconds of audio. */
  readonly audioMs: number;
}

/** The bytes of a recording as they come. */
export type Body = AsyncGenerator<Uint8Array, void, void>;

/** Compressed audio may be long, and all of it is heard: 100 MiB of mu-law at 8 kHz are 3.6 hours. */
const LONGEST_MS = 6 * 3_600_000;

const SECOND_MS = 1000;
/** Seconds of an undecoded file that are counted before other work gets its turn. */
const SECONDS_AT_ONCE = 60;

/**
 * Recognises a recording as the socket would if it were sent the same bytes and then a flush. Keeps no more of it than
 * one piece.
 *
 * @throws Refused for what cannot be heard, and for what is too long
 */
export async function hearRecording(
  body: Body,
  { encoding, raw }: Pick<AskedRecording, 'encoding' | 'raw'>,
  script: ServerScript,
): Promise<HeardRecording> {
  const sorted = encoding === 'auto' ? await sort(body) : { kind: encoding, all: body };
  switch (sorted.kind) {
    case 'auto':
    case 'pcm_s16le':
    case 'mulaw':
    case 'alaw': {
      const listener = listen(script, earOf(sorted.kind, raw));
      for await (const bytes of sorted.all) listener.input({ kind: 'audio', bytes });
      return listener.end();
    }
    case 'MP3': {
      const listener = listen(script, anyEar());
      for await (const chunk of mp3Chunks(sorted.all)) listener.input({ kind: 'source', chunk });
      return listener.end();
    }
    default: {
      const listener = listen(script, anyEar());
      await assumeSpeech(listener, sorted.kind, sorted.all);
      return listener.end();
    }
  }
}

type Kind = Exclude<AskedRecording['encoding'], 'MP4'> | 'MP3' | Measured;

/**
 * Whether a body can be heard directly (WAV, or samples without a header), or what else it is.
 *
 * @throws Refused for a container, a text and a compressed body, which would otherwise be taken for samples
 */
async function sort(body: Body): Promise<{ readonly kind: Kind; readonly all: Body }> {
  const { sniffed, head, all } = await sniffBody(body, undefined);
  if (sniffed.kind === 'mp3') return { kind: 'MP3', all };
  const unread = sniffed.kind === 'other' ? UNREAD.find((name) => name === sniffed.name) : undefined;
  if (unread !== undefined) throw new Refused(400, `The body is ${unread}, which is not read here`);
  const instead = notAudio(head);
  if (instead !== undefined) throw wrongBody(instead);
  const container = sniffed.kind === 'other' ? MEASURED.find((name) => name === sniffed.name) : undefined;
  return { kind: container ?? 'auto', all };
}

const MEASURED: readonly Measured[] = ['MP4', 'OGG', 'FLAC', 'WebM'];

/** An ear for audio that is decoded before it is heard. */
function anyEar(): Ear {
  return sniffingEar({ encoding: 's16le', sampleRate: 16_000, channels: 1 });
}

/** The session engine without a connection: time stands still, and a flush ends it. */
function listen(script: ServerScript, ear: Ear) {
  const finals: Final[] = [];
  let state = newSession(ear);
  const input = (next: Input) => {
    const outcome = step(script, state, next, 0);
    state = outcome.state;
    for (const effect of outcome.effects) {
      if (effect.kind !== 'say') continue;
      if (effect.say.kind === 'error') throw new Refused(400, effect.say.message);
      if (effect.say.kind === 'final') finals.push(effect.say);
    }
    if (state.ear.positionMs > LONGEST_MS) throw tooLong();
  };
  input({ kind: 'open' });
  return {
    input,
    end(): HeardRecording {
      input({ kind: 'flush', id: null, message: {} });
      return { finals, audioMs: state.ear.positionMs };
    },
  };
}

async function* mp3Chunks(body: Body): AsyncGenerator<SourceChunk, void, void> {
  const decoder = await createMp3Decoder();
  try {
    yield* decodeMp3(body, decoder, 'the body');
  } catch (error) {
    throw error instanceof SourceError ? new Refused(400, error.message) : error;
  } finally {
    decoder.free();
  }
}

/** Counts a file that is not decoded as speech over its whole length. */
async function assumeSpeech(
  { input }: { readonly input: (input: Input) => void },
  container: Measured,
  body: Body,
): Promise<void> {
  const lengthMs = await lengthOf(container, body);
  if (lengthMs === 'invalid') throw new Refused(400, `The body is not ${container}`);
  if (lengthMs > LONGEST_MS) throw tooLong();
  for (let fromMs = 0, count = 1; fromMs < lengthMs; fromMs += SECOND_MS, count += 1) {
    const durationMs = Math.min(SECOND_MS, lengthMs - fromMs);
    input({ kind: 'source', chunk: { kind: 'undecoded', durationMs } });
    if (count % SECONDS_AT_ONCE === 0) await new Promise<void>(atEndOfTurn);
  }
}

function tooLong(): Refused {
  return new Refused(413, `The recording is longer than ${LONGEST_MS / 3_600_000} hours`);
}
