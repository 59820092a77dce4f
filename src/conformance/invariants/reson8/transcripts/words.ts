import { isFields } from '../../../../runtime/json/fields.ts';
import type { Fields } from '../../../conversation/read-message.ts';
import { spanOf, type Realtime, type Span, type Transcript } from '../realtime.ts';

/** A word of a transcript, parsed as far as possible. */
export interface Word {
  readonly transcript: Transcript;
  /** Undefined if it is not an object. */
  readonly fields: Fields | undefined;
  readonly value: unknown;
  readonly text: string | undefined;
  readonly span: Span | undefined;
}

/** The words of a transcript; none if `words` is not an array. */
export function wordsIn(transcript: Transcript): readonly Word[] {
  const { words } = transcript.fields;
  if (!Array.isArray(words)) return [];
  return words.map((value: unknown): Word => {
    const fields = isFields(value) ? value : undefined;
    const text = fields?.['text'];
    return {
      transcript,
      fields,
      value,
      text: typeof text === 'string' ? text : undefined,
      span: fields === undefined ? undefined : spanOf(fields),
    };
  });
}

/** The words of all transcripts of a connection. */
export function allWordsIn({ transcripts }: Realtime): readonly Word[] {
  return transcripts.flatMap(wordsIn);
}

/** A word with times. */
export interface TimedWord extends Word {
  readonly span: Span;
}

/** The words with times of a transcript. */
export function timedWordsIn(transcript: Transcript): readonly TimedWord[] {
  return wordsIn(transcript).flatMap((word) => (word.span === undefined ? [] : { ...word, span: word.span }));
}
