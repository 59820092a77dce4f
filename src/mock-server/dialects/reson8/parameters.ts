import type { Opening } from '../dialect.ts';
import type { Word } from '../../../scenario/script.ts';
import type { Additions } from '../../../scenario/speech/additions.ts';
import { USUAL_STRENGTH } from '../../../scenario/speech/strength.ts';
import { numberIn, oneOf, wholeFrom, type Parse, type Reader } from './request.ts';

/** The limit for raw audio on the vendor's newer pages. */
export const MOST_CHANNELS = 10;
const MOST_PHRASES = 250;
const MOST_SPEAKERS = 4;

/** `verbatim` keeps fillers such as `um`, `natural` leaves them to the model, `clean` removes them. */
const FILLERS = { clean: 'none', natural: 'some', verbatim: 'all' } as const;
const FILLER_MODES = ['clean', 'natural', 'verbatim'] as const;

/** What the parameters about speech ask for that all endpoints share. */
export interface Speech {
  /** In the order in which they were given; empty if the language is to be detected. */
  readonly languages: readonly string[];
  /** Whether results name their language. */
  readonly namesLanguage: boolean;
  readonly additions: Additions | undefined;
}

/** The default, when nothing was asked for. */
export const PLAIN_SPEECH: Speech = { languages: [], namesLanguage: false, additions: undefined };

/** Reads `language`, `include_language`, `phrases`, `patterns`, `bias_strength` and `filler_mode`. */
export function speechIn({ read, flag }: Reader): Speech {
  const languages = read('language', [], codesIn, 'a language code such as nl, or several with commas');
  const phrases = read('phrases', [], phrasesIn, `at most ${MOST_PHRASES} phrases with commas`);
  // Only the form is checked; recognition does not depend on it.
  read('patterns', [], shapesIn, 'shapes such as [A-Z]{2}[0-9]{4}, with commas');
  const strength = read('bias_strength', USUAL_STRENGTH, numberIn(0, Infinity), 'a number from 0');
  const fillers = FILLERS[read('filler_mode', 'clean', oneOf(FILLER_MODES), 'clean, natural or verbatim')];
  return {
    languages,
    namesLanguage: flag('include_language'),
    additions: phrases.length > 0 || fillers !== 'none' ? { phrases, strength, fillers } : undefined,
  };
}

/** What they mean for the voice of a connection: of several languages the first is spoken. */
export function spokenAs({ languages, additions }: Speech): Pick<Opening, 'language' | 'additions'> {
  return { language: languages[0], ...(additions === undefined ? {} : { additions }) };
}

/** Reads `diarize` and `max_speakers`: the maximum number of speakers to distinguish; undefined if none are. */
export function speakersIn({ read, flag }: Reader): number | undefined {
  const most = read(
    'max_speakers',
    MOST_SPEAKERS,
    wholeFrom(1, MOST_SPEAKERS),
    `a whole number from 1 to ${MOST_SPEAKERS}`,
  );
  return flag('diarize') ? most : undefined;
}

/** The language of a result: that of a known recording, otherwise the first one that was asked for. */
export function languageOf(words: readonly Word[], { languages }: Speech): string {
  return words.find(({ language }) => language !== undefined)?.language ?? languages[0] ?? 'en';
}

/**
 * The number of a speaker, counted from 0 in the order of first speech. A speaker beyond the maximum gets the number of
 * the last one; 0 while no speaker has been named.
 */
export function speakerId(speaker: string | undefined, known: readonly string[], most: number): number {
  if (speaker === undefined) return 0;
  const at = known.indexOf(speaker);
  return at < 0 ? most - 1 : Math.min(at, most - 1);
}

const CODE = /^[a-z]{2,3}(?:[-_][a-z]{2})?$/i;

function codesIn(text: string): readonly string[] | undefined {
  const codes = text.split(',').map((code) => code.trim());
  return codes.every((code) => CODE.test(code)) ? codes : undefined;
}

const phrasesIn: Parse<readonly string[]> = (text) => {
  const phrases = text.split(',').map((phrase) => phrase.trim());
  return phrases.length <= MOST_PHRASES ? phrases.filter((phrase) => phrase !== '') : undefined;
};

/** Regular expressions; a comma within braces is part of a repetition. */
const shapesIn: Parse<readonly string[]> = (text) => {
  const shapes = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === ',' && depth <= 0) shapes.push('');
    else shapes.push(`${shapes.pop() ?? ''}${character}`);
  }
  return shapes.every(isExpression) ? shapes : undefined;
};

function isExpression(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
