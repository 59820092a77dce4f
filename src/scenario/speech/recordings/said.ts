import type { Mistake } from '../../../runtime/errors.ts';

/** Consecutive words, and their time if it is known, in milliseconds from the start of the recording. */
export interface Passage {
  readonly words: readonly string[];
  readonly span?: { readonly startMs: number; readonly endMs: number };
  /** Whether the span is that of a single word. */
  readonly isExact?: true;
  /** Its place in the file, for errors. */
  readonly place: Pick<Mistake, 'line' | 'key'>;
}

/** What a transcript says, independent of the sound of the recording. */
export interface Said {
  readonly language?: string;
  readonly passages: readonly Passage[];
}

/** Notes a mistake; reading continues, so that all mistakes are reported together. */
export type Complain = (place: Passage['place'], what: string) => void;

/** The words of a text, as they are written. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
