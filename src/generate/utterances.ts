import type { Faker } from '@faker-js/faker';
import { chance, chooseInteger } from '../runtime/random.ts';
import { german } from './languages/de.ts';
import { english } from './languages/en.ts';
import { spanish } from './languages/es.ts';
import { french } from './languages/fr.ts';
import { dutch } from './languages/nl.ts';
import { spokenLanguage, type LanguageCode } from './languages/spoken.ts';

/**
 * The words of the `index`-th sentence (0, 1, …) of a seed: 6 to 14 words, up to 18 if a name or a place has several. A
 * word has letters, apostrophes and hyphens, and never a space. A pure function; two consecutive sentences are never
 * the same.
 */
export type Sentences = (seed: number, index: number) => readonly string[];

interface Language {
  readonly templates: readonly string[];
  /** The fillers of its speakers, such as `um`. */
  readonly fillers: readonly string[];
  /** One locale, and only when it is needed: importing all of faker takes 200 ms, one locale 25 ms. */
  readonly load: () => Promise<{ readonly faker: Faker }>;
}

const LANGUAGES: Readonly<Record<LanguageCode, Language>> = {
  en: {
    templates: english,
    fillers: ['um', 'uh'],
    load: () => import('@faker-js/faker/locale/en'),
  },
  nl: {
    templates: dutch,
    fillers: ['eh', 'uhm'],
    load: () => import('@faker-js/faker/locale/nl'),
  },
  de: {
    templates: german,
    fillers: ['äh', 'ähm'],
    load: () => import('@faker-js/faker/locale/de'),
  },
  fr: {
    templates: french,
    fillers: ['euh', 'ben'],
    load: () => import('@faker-js/faker/locale/fr'),
  },
  es: {
    templates: spanish,
    fillers: ['eh', 'este'],
    load: () => import('@faker-js/faker/locale/es'),
  },
};

/** Holds at most one entry for each of our languages. */
const loaded = new Map<LanguageCode, Promise<Sentences>>();

/** The fillers of a language: what its speakers say while they think, such as `um`. */
export function fillersOf(code: LanguageCode): readonly string[] {
  return LANGUAGES[code].fillers;
}

/** Sentences in the language that `spokenLanguage` finds for `language`. */
export function loadSentences(language: string): Promise<Sentences> {
  const code = spokenLanguage(language);
  let sentences = loaded.get(code);
  if (sentences === undefined) {
    const { templates, load } = LANGUAGES[code];
    sentences = load().then(({ faker }) => sentencesOf(templates, faker));
    loaded.set(code, sentences);
  }
  return sentences;
}

function sentencesOf(templates: readonly string[], shared: Faker): Sentences {
  let seed = 0;
  let index = 0;
  let draws = 0;
  // Every draw comes from the sentence that is being made, so nothing depends on the one before. (Seeding faker's own
  // generator for every sentence takes 30 microseconds, five times as long as the sentence.)
  const randomizer = { next: () => chance(seed, index, draws++), seed: () => undefined };
  // An instance of our own: `shared` belongs to everyone who imports the locale, and may have been seeded. The class is
  // taken from the instance because importing it by name imports all of faker.
  const OwnFaker = shared.constructor as typeof Faker;
  const faker = new OwnFaker({ locale: shared.rawDefinitions, randomizer });
  return (ofSeed, ofIndex) => {
    seed = ofSeed;
    index = ofIndex;
    draws = 0;
    return spokenWords(faker.helpers.fake(templateOf(templates, seed, index)));
  };
}

/**
 * Every seed visits the templates in its own order: it begins somewhere and takes steps of a length coprime to their
 * number, so each occurs once before any is repeated.
 */
function templateOf(templates: readonly string[], seed: number, index: number): string {
  const count = templates.length;
  const first = chooseInteger(0, count - 1, chance(seed, 'first'));
  let step = chooseInteger(1, count - 1, chance(seed, 'step'));
  while (commonDivisor(step, count) > 1) step = (step % (count - 1)) + 1;
  return templates[(first + (index % count) * step) % count] ?? '';
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** The spoken words of a written text: `Frankfurt (Oder)` has two. */
export function spokenWords(text: string): readonly string[] {
  return text
    .normalize('NFC')
    .replaceAll('’', "'")
    .replaceAll(/[^\p{L}\p{M}'\s/-]/gu, '')
    .split(/[\s/]+/)
    .filter((word) => /\p{L}/u.test(word));
}
