import { basename, dirname, extname } from 'node:path';
import type { Mistake } from '../../../runtime/errors.ts';
import { filesIn } from '../files.ts';
import { TRANSCRIPT_ENDINGS } from './transcript-file.ts';

/** A recording and its transcript. */
export interface Pair {
  readonly audio: string;
  readonly transcript: string;
}

/** The recordings in a folder, and files worth mentioning because they lack their counterpart. */
export interface Found {
  readonly pairs: readonly Pair[];
  readonly notes: readonly Mistake[];
}

/** The endings of recordings, in upper or lower case. */
export const AUDIO_ENDINGS: readonly string[] = ['.wav', '.wave', '.mp3'];

/**
 * The recordings of a folder and its subfolders that have a transcript beside them: `hello.wav.json` or `hello.json`
 * for `hello.wav`, and likewise `.vtt`, `.srt` and `.txt`; if there are several, the first of these.
 *
 * @throws UserError for a folder that cannot be read, and for one with more than 500 recordings
 */
export async function findPairs(folder: string): Promise<Found> {
  const files = await filesIn(folder, false, (name) => isAudio(name) || isTranscript(name), {
    are: 'recordings',
    is: isAudio,
  });
  const pairs: Pair[] = [];
  const notes: Mistake[] = [];
  const used = new Set<string>();
  for (const audio of files.filter(isAudio)) {
    const beside = transcriptsFor(audio).filter((path) => files.includes(path));
    for (const path of beside) used.add(path);
    const [transcript] = beside;
    if (transcript !== undefined) pairs.push({ audio, transcript });
    else {
      const name = basename(audio);
      const what = `has no transcript beside it, such as ${name}.txt; understudy recordings add makes one`;
      notes.push({ file: audio, what });
    }
  }
  for (const file of files.filter(isTranscript)) {
    if (!used.has(file)) notes.push({ file, what: 'no recording (.wav, .mp3) is beside this transcript' });
  }
  return { pairs, notes };
}

/** The possible paths of a recording's transcript; the first one that exists counts. */
export function transcriptsFor(audio: string): readonly string[] {
  const plain = `${dirname(audio)}/${basename(audio, extname(audio))}`;
  return TRANSCRIPT_ENDINGS.flatMap((ending) => [`${audio}${ending}`, `${plain}${ending}`]);
}

function isAudio(path: string): boolean {
  return AUDIO_ENDINGS.includes(extname(path).toLowerCase());
}

function isTranscript(path: string): boolean {
  return TRANSCRIPT_ENDINGS.some((ending) => path.endsWith(ending));
}
