import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pcmEar } from '../../../audio/ear.ts';
import { RAW_DEFAULT, WINDOW_MS } from '../../../audio/format.ts';
import { hearFormat } from '../../../audio/hear.ts';
import type { Onset } from '../../../audio/onset.ts';
import { RecordingSketcher, type Beginning } from '../../../audio/sketch/beginnings.ts';
import { SourceError, type SourceChunk } from '../../../audio/source.ts';
import { createMp3Decoder, decodeMp3 } from '../../../audio/sources/mp3.ts';
import { sniffBody } from '../../../audio/sources/sniff.ts';
import { decodeWave } from '../../../audio/sources/wave.ts';
import { detect, UNHEARD } from '../../../audio/speech.ts';
import { unreadable, UserError } from '../../../runtime/errors.ts';
import type { Span } from './spread.ts';

/** What the fake's ear hears in a recording. */
export interface Sound {
  readonly durationMs: number;
  /** How it begins; undefined for digital silence. */
  readonly onset: Onset | undefined;
  /** Where there is speech, as the detector decides. */
  readonly speech: readonly Span[];
  /** How it sounds where speech begins after a pause, in the first ten minutes. */
  readonly beginnings: readonly Beginning[];
}

const MOST_BYTES = 256 * 2 ** 20;
const LONGEST_MS = 3_600_000;

/** Speech with a shorter pause counts as continuous. */
const DIP_MS = 200;

type Body = AsyncGenerator<Uint8Array, void, void>;

/**
 * Listens to a recording, WAV or MP3, as to a stream of the same bytes.
 *
 * @throws UserError for a file that cannot be read or decoded, is larger than 256 MiB or longer than an hour
 */
export async function listenTo(path: string): Promise<Sound> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES)
      throw new UserError(`it has ${size} bytes; at most ${MOST_BYTES} are read`, { file: path });
    return await hearAll(path);
  } catch (error) {
    if (error instanceof SourceError) throw new UserError(error.message, { file: path });
    throw unreadable(path, error);
  }
}

async function hearAll(path: string): Promise<Sound> {
  let ear = pcmEar(RAW_DEFAULT);
  let detector = UNHEARD;
  let durationMs = 0;
  let windowEndMs = 0;
  const speech: Span[] = [];
  const sketcher = new RecordingSketcher();
  for await (const chunk of decoded(path)) {
    if (chunk.kind !== 'pcm') continue;
    durationMs += chunk.durationMs;
    if (durationMs > LONGEST_MS) throw new UserError('it lasts more than an hour', { file: path });
    const heard = hearFormat(ear, chunk.format, chunk.bytes);
    ear = heard.ear;
    sketcher.hear(chunk.format, chunk.bytes);
    for (const power of heard.powers) {
      windowEndMs += WINDOW_MS;
      const detected = detect(detector, power);
      detector = detected.detector;
      if (detected.spokenMs > 0) extend(speech, windowEndMs - detected.spokenMs, windowEndMs);
    }
  }
  const beginnings = sketcher.beginnings(speech.map(({ startMs }) => startMs));
  return { durationMs: Math.round(durationMs), onset: ear.onset.onset, speech, beginnings };
}

function extend(speech: Span[], startMs: number, endMs: number): void {
  const last = speech.at(-1);
  if (last !== undefined && startMs - last.endMs < DIP_MS) speech[speech.length - 1] = { ...last, endMs };
  else speech.push({ startMs, endMs });
}

async function* decoded(path: string): AsyncGenerator<SourceChunk, void, void> {
  const { sniffed, all } = await sniffBody(piecesOf(path), undefined);
  if (sniffed.kind === 'wav') return yield* decodeWave(all, 'the file');
  if (sniffed.kind !== 'mp3') {
    const what = sniffed.kind === 'other' ? sniffed.name : 'a playlist';
    throw new UserError(`expected WAV or MP3, got ${what}`, { file: path });
  }
  const decoder = await createMp3Decoder();
  try {
    yield* decodeMp3(all, decoder, 'the file');
  } finally {
    decoder.free();
  }
}

async function* piecesOf(path: string): Body {
  // Without an encoding, a file stream yields bytes, although its types do not say so.
  for await (const piece of createReadStream(path)) yield piece as Uint8Array;
}
