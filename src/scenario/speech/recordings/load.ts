import { basename } from 'node:path';
import { UserError, type Mistake } from '../../../runtime/errors.ts';
import { spoken, type Transcript } from '../transcripts.ts';
import { findPairs } from './find.ts';
import type { KnownRecordings } from '../../script.ts';
import { knownRecordings, MOST_BEGINNINGS_IN_ALL, soundAlike, type Sounding } from './known.ts';
import { readRecording, type Recording } from './recording.ts';

/** The recordings of a user, from which the fake knows what is said. */
export interface Recordings {
  readonly all: readonly Recording[];
  /** By the id of the onset. */
  readonly transcripts: ReadonlyMap<string, Transcript>;
  /** The same recordings, by their sound. */
  readonly known: KnownRecordings;
  /** Unusual things that are probably mistakes but stop nothing, each with its file. */
  readonly notes: readonly Mistake[];
}

/** The maximum length of all recordings together; listening to them takes time at each start. */
const LONGEST_MS = 10 * 3_600_000;

/**
 * Reads the recordings in some folders and their subfolders.
 *
 * @throws UserError for a folder that cannot be read, for one with too many files in it, and with the mistakes in all
 * recordings and transcripts
 */
export async function loadRecordings(folders: readonly string[]): Promise<Recordings> {
  const mistakes: Mistake[] = [];
  const notes: Mistake[] = [];
  const all: Recording[] = [];
  let totalMs = 0;
  for (const folder of folders) {
    const found = await findPairs(folder);
    notes.push(...found.notes);
    for (const pair of found.pairs) {
      try {
        const recording = await readRecording(pair);
        totalMs += recording.sound.durationMs;
        all.push(recording);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        mistakes.push(...error.mistakes);
      }
      if (totalMs > LONGEST_MS)
        throw new UserError(`the recordings last more than ${LONGEST_MS / 3_600_000} hours in all`, {
          file: folder,
        });
    }
  }
  if (mistakes.length > 0) throw new UserError(mistakes);
  const { transcripts, soundings, alike } = byOnset(all);
  if (soundings.reduce((sum, { beginnings }) => sum + beginnings.length, 0) > MOST_BEGINNINGS_IN_ALL) {
    const what = `speech begins at more than ${MOST_BEGINNINGS_IN_ALL} places in all; the recordings after those are known by their exact samples only`;
    alike.push({ file: folders[0], what });
  }
  return { all, transcripts, known: knownRecordings(transcripts, soundings), notes: [...notes, ...alike] };
}

/**
 * Keyed by onset. Of two recordings that begin with the same samples and say the same, as in two formats, either will
 * do.
 */
function byOnset(all: readonly Recording[]): {
  readonly transcripts: ReadonlyMap<string, Transcript>;
  readonly soundings: readonly Sounding[];
  readonly alike: Mistake[];
} {
  const firsts = new Map<string, Recording>();
  const transcripts = new Map<string, Transcript>();
  const soundings: Sounding[] = [];
  const files = new Map<Sounding, string>();
  const alike: Mistake[] = [];
  const note = (file: string, other: string) =>
    void alike.push({
      file,
      what: `begins like ${other}, whose words may be said for it; cut the beginning of ${basename(file)} differently, or remove one of them`,
    });
  for (const recording of all) {
    const { onset } = recording.sound;
    const file = recording.audio;
    if (recording.spoken.words.length === 0) continue;
    if (onset === undefined) {
      alike.push({ file, what: 'it contains nothing but digital silence, so it cannot be recognised' });
      continue;
    }
    const { id, atMs } = onset;
    const other = firsts.get(id);
    if (other === undefined) {
      firsts.set(id, recording);
      transcripts.set(id, { ...recording.spoken, onset: { id, atMs } });
    } else if (spoken(other.spoken) !== spoken(recording.spoken)) {
      note(file, other.audio);
      continue;
    }
    const { words } = recording.spoken;
    const sounding = { id, onsetMs: atMs, words, beginnings: recording.sound.beginnings };
    soundings.push(sounding);
    files.set(sounding, file);
  }
  for (const [one, other] of soundAlike(soundings)) note(files.get(other) ?? '', files.get(one) ?? '');
  return { transcripts, soundings, alike };
}
