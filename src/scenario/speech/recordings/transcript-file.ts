import { extname } from 'node:path';
import { unreadable, UserError, type Mistake } from '../../../runtime/errors.ts';
import { fieldsOf, isFields, isList } from '../../../runtime/json/fields.ts';
import { utf8Of } from '../../../runtime/text/utf8.ts';
import { readCues } from './cues.ts';
import { wordsOf, type Complain, type Passage, type Said } from './said.ts';

/** The possible forms of a transcript, the most exact first. */
export const TRANSCRIPT_ENDINGS = ['.json', '.vtt', '.srt', '.txt'] as const;

/** More words are refused: that is many hours of speech. */
const MOST_WORDS = 100_000;
const MOST_MISTAKES = 10;
const LONGEST_WORD = 1000;

/**
 * Reads a transcript in the form that its ending says.
 *
 * @throws UserError with the mistakes in it, each with its line or key
 */
export function readTranscript(path: string, bytes: Buffer): Said {
  const ending = extname(path).toLowerCase();
  const text = utf8Of(bytes, path);
  const mistakes: Mistake[] = [];
  const mistake = (place: Passage['place'], what: string) =>
    void mistakes.push({ file: path, ...place, what });
  const said =
    ending === '.json'
      ? readJson(path, text, mistake)
      : ending === '.txt'
        ? { passages: [{ words: wordsOf(text), place: {} }] }
        : { passages: readCues(text, ending === '.vtt', mistake) };
  const count = said.passages.reduce((sum, { words }) => sum + words.length, 0);
  if (count > MOST_WORDS) mistake({}, `it has ${count} words; at most ${MOST_WORDS} are read`);
  for (const { words, place } of said.passages) {
    if (words.some((word) => word.length > LONGEST_WORD))
      mistake(place, `a word has more than ${LONGEST_WORD} characters`);
  }
  let beforeMs = 0;
  for (const { span, place } of said.passages) {
    if (span === undefined) continue;
    if (span.startMs < beforeMs) mistake(place, `it starts at ${span.startMs} ms, before the one above it`);
    if (span.endMs < span.startMs) mistake(place, `it ends at ${span.endMs} ms, before it starts`);
    beforeMs = Math.max(beforeMs, span.startMs);
  }
  if (mistakes.length > 0) throw new UserError(first(mistakes, path));
  return said;
}

/** The first few of many mistakes, and how many more there are. */
export function first(mistakes: readonly Mistake[], file: string): readonly Mistake[] {
  const more = mistakes.length - MOST_MISTAKES;
  return [
    ...mistakes.slice(0, MOST_MISTAKES),
    ...(more > 0 ? [{ file, what: `${more} more mistakes` }] : []),
  ];
}

/** A JSON file with words and their times, as for the bundled recordings, or with a text only. */
function readJson(path: string, text: string, mistake: Complain): Said {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (!isFields(json)) throw new UserError('expected an object with a transcript', { file: path });
  const { language, words, text: whole } = json;
  const named = language ?? undefined;
  if (named !== undefined && (typeof named !== 'string' || !/^[A-Za-z0-9-]{1,35}$/.test(named)))
    mistake({ key: 'language' }, 'expected the code of a language');
  const list = words ?? undefined;
  const said = typeof named === 'string' ? { language: named } : {};
  if (list === undefined) {
    if (typeof whole === 'string') return { ...said, passages: [{ words: wordsOf(whole), place: {} }] };
    mistake({}, 'expected words, a list of {"text", "startMs", "endMs"}, or a text');
    return { passages: [] };
  }
  if (!isList(list)) {
    mistake({ key: 'words' }, 'expected a list');
    return { passages: [] };
  }
  const passages = list.map((entry, index): Passage => {
    const place = { key: `words[${index}]` };
    const { text: word, startMs, endMs } = fieldsOf(entry);
    if (typeof word !== 'string' || !/^\S+$/.test(word))
      mistake({ key: `words[${index}].text` }, 'expected one word without spaces');
    const span = {
      startMs: readMs(startMs, `${place.key}.startMs`, mistake),
      endMs: readMs(endMs, `${place.key}.endMs`, mistake),
    };
    return { words: [String(word)], span, isExact: true, place };
  });
  return { ...said, passages };
}

/** Returns NaN for a wrong value: comparing with it finds no second mistake. */
function readMs(value: unknown, key: string, mistake: Complain): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  mistake({ key }, 'expected milliseconds, at least 0');
  return NaN;
}
