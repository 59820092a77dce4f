import { fieldsOf, isFields, isList } from '../../runtime/json/fields.ts';
import { fileURLToPath } from 'node:url';
import type { Onset } from '../../audio/onset.ts';
import { unreadable, UserError, type Mistake } from '../../runtime/errors.ts';
import { filesIn, readTranscriptFile } from './files.ts';
import { AUDIO_FIXTURES } from './fixtures.ts';

/** The words of a known recording, and how the recording is identified. */
export interface Transcript {
  /** As in the file: `en`, `nl`. */
  readonly language?: string;
  readonly text: string;
  /** The length of the recording, at least 0. */
  readonly durationMs: number;
  readonly onset: Begins;
  /** How it begins in G.711. There are several, since encoders differ. */
  readonly companded?: readonly Begins[];
  /** At least one, in the order in which they begin. */
  readonly words: readonly TranscriptWord[];
}

type Begins = Pick<Onset, 'id' | 'atMs'>;

/** Times are milliseconds from the first byte of the recording, at least 0, and the end is not before the start. */
export interface TranscriptWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

const MOST_FAULTS = 10;

/**
 * The transcripts in a folder and its subfolders, by the id of their recording's onset. A transcript is a `.json` file
 * beside its recording; files without an onset or without words are skipped.
 *
 * @param folder by default the package's own `fixtures/audio`, which may be missing (in a bundle); any other must
 * exist.
 * @throws UserError naming the file and all its faults: unreadable, not JSON, larger than 1 MiB, a field of the wrong
 * form, words out of order, or a recording that begins like another but has other words; or naming the folder if it is
 * missing or has more than 500 transcripts.
 */
export async function loadTranscripts(folder?: URL): Promise<ReadonlyMap<string, Transcript>> {
  const known = new Map<string, Transcript>();
  const paths = new Map<string, string>();
  const root = fileURLToPath(folder ?? AUDIO_FIXTURES);
  const counted = { are: 'transcripts', is: () => true };
  for (const path of await filesIn(root, folder === undefined, (name) => name.endsWith('.json'), counted)) {
    const transcript = readTranscript(path, await readJson(path));
    if (transcript === undefined) continue;
    for (const onset of [transcript.onset, ...(transcript.companded ?? [])]) {
      const { id } = onset;
      const other = known.get(id);
      // A recording may exist in two formats that decode to the same sound; the first is used.
      if (other === undefined) {
        known.set(id, { ...transcript, onset });
        paths.set(id, path);
      } else if (spoken(other) !== spoken(transcript)) {
        throw new UserError(
          `the recording begins like that of ${paths.get(id) ?? ''} (onset ${id}) but other words are said in it; remove one of the two`,
          { file: path },
        );
      }
    }
  }
  return known;
}

/** All words of a transcript, to compare it with another. */
export function spoken(transcript: Pick<Transcript, 'words'>): string {
  return transcript.words.map(({ text }) => text).join(' ');
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readTranscriptFile(path);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Checked by hand: this runs at every start, and importing a schema library takes longer than reading all files. */
function readTranscript(path: string, json: unknown): Transcript | undefined {
  if (!isFields(json)) throw new UserError('expected an object with a transcript', { file: path });
  const onset = json['onset'] ?? undefined;
  const list = json['words'] ?? undefined;
  if (onset === undefined || list === undefined || (Array.isArray(list) && list.length === 0)) {
    return undefined;
  }

  const faults: Mistake[] = [];
  const fault: Fault = (key, expected) => void faults.push({ file: path, key, what: `expected ${expected}` });
  const transcript: Transcript = {
    language: readMatch(json['language'], /\S/, 'language', 'the code of a language', fault),
    text: readMatch(json['text'], /\S/, 'text', 'what is said', fault),
    durationMs: readMs(json['durationMs'], 'durationMs', fault),
    onset: readOnset(onset, 'onset', fault),
    words: readWords(list, fault),
    ...readCompanded(json['companded'] ?? undefined, fault),
  };
  if (faults.length === 0) return transcript;
  const more = faults.length - MOST_FAULTS;
  throw new UserError([
    ...faults.slice(0, MOST_FAULTS),
    ...(more > 0 ? [{ file: path, what: `${more} more mistakes` }] : []),
  ]);
}

function readOnset(json: unknown, name: string, fault: Fault): Begins {
  const { id, atMs } = fieldsOf(json);
  return {
    id: readMatch(id, /^[0-9a-f]{16}$/, `${name}.id`, '16 hexadecimal digits in lower case', fault),
    atMs: readMs(atMs, `${name}.atMs`, fault),
  };
}

function readCompanded(json: unknown, fault: Fault): { companded?: readonly Begins[] } {
  if (json === undefined) return {};
  if (!isList(json)) {
    fault('companded', 'a list');
    return {};
  }
  return { companded: json.map((entry, index) => readOnset(entry, `companded[${index}]`, fault)) };
}

function readWords(json: unknown, fault: Fault): readonly TranscriptWord[] {
  const words: TranscriptWord[] = [];
  if (!isList(json)) fault('words', 'a list');
  else {
    let earliestMs = 0;
    for (const [index, entry] of json.entries()) {
      const name = `words[${index}]`;
      const { text, startMs, endMs } = fieldsOf(entry);
      const word = {
        text: readMatch(text, /^\S+$/, `${name}.text`, 'one word without spaces', fault),
        startMs: readMs(startMs, `${name}.startMs`, fault),
        endMs: readMs(endMs, `${name}.endMs`, fault),
      };
      if (word.startMs < earliestMs) {
        fault(`${name}.startMs`, `at least ${earliestMs}, when the word before starts`);
      }
      if (word.endMs < word.startMs) fault(`${name}.endMs`, `at least ${word.startMs}, its startMs`);
      earliestMs = Math.max(earliestMs, word.startMs);
      words.push(word);
    }
  }
  return words;
}

/**
 * Notes a fault; the reader continues with a substitute, so that all faults of a file are reported together. For
 * numbers that is NaN: comparing with it finds no second fault.
 */
type Fault = (name: string, expected: string) => void;

function readMatch(value: unknown, pattern: RegExp, name: string, expected: string, fault: Fault): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  fault(name, expected);
  return '';
}

function readMs(value: unknown, name: string, fault: Fault): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  fault(name, 'milliseconds, at least 0');
  return NaN;
}
