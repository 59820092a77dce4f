import type { Mistake } from '../../../runtime/errors.ts';

/** Words that are said one after the other, and when, if that is known: milliseconds from the start of the recording. */
export interface Passage {
  readonly words: readonly string[];
  readonly span?: { readonly startMs: number; readonly endMs: number };
  /** The span is that of a single word. */
  readonly isExact?: true;
  /** Where it is in the file, for errors. */
  readonly place: Pick<Mistake, 'line' | 'key'>;
}

/** What a transcript says, before it is known how the recording sounds. */
export interface Said {
  readonly language?: string;
  readonly passages: readonly Passage[];
}

/** Notes a mistake; the reader goes on, so that all of them are reported together. */
export type Complain = (place: Passage['place'], what: string) => void;

/** The words of a text, as they stand there. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
