import { allLocales } from '@faker-js/faker';
import { faker as sharedFaker } from '@faker-js/faker/locale/nl';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { german } from '../../src/generate/languages/de.ts';
import { english } from '../../src/generate/languages/en.ts';
import { spanish } from '../../src/generate/languages/es.ts';
import { french } from '../../src/generate/languages/fr.ts';
import { dutch } from '../../src/generate/languages/nl.ts';
import { spokenLanguage, type LanguageCode } from '../../src/generate/languages/spoken.ts';
import { loadSentences, spokenWords } from '../../src/generate/utterances.ts';

const TEMPLATES: Readonly<Record<LanguageCode, readonly string[]>> = {
  en: english,
  nl: dutch,
  de: german,
  fr: french,
  es: spanish,
};
const CODES = Object.keys(TEMPLATES) as LanguageCode[];

/** Everyday words that are in no other of our languages, and in no name of faker. */
const TELLTALES: Readonly<Record<LanguageCode, readonly string[]>> = {
  en: ['the', 'and', 'you', 'with', 'this', 'for', 'would'],
  nl: ['het', 'een', 'naar', 'niet', 'ik', 'onze', 'dat'],
  de: ['unser', 'und', 'ich', 'nicht', 'wir', 'das', 'ist'],
  fr: ['le', 'nous', 'avec', 'pour', 'est', 'dans', 'notre'],
  es: ['el', 'y', 'por', 'los', 'hay', 'mi', 'una'],
};

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const indexes = fc.nat({ max: 1_000_000 });

async function sample(code: LanguageCode, count = 1000, seed = 1): Promise<readonly (readonly string[])[]> {
  const sentences = await loadSentences(code);
  return Array.from({ length: count }, (_, index) => sentences(seed, index));
}

test.each([
  ['nl', 'nl'],
  ['NL', 'nl'],
  ['nl-nl', 'nl'],
  ['nl_NL', 'nl'],
  ['de-CH-1996', 'de'],
  ['fr_BE', 'fr'],
  ['es-419', 'es'],
  ['EN', 'en'],
  ['en-gb', 'en'],
  ['sv', 'en'],
  ['nld', 'en'],
  ['-nl', 'en'],
  ['', 'en'],
  ['constructor', 'en'],
  ['__proto__', 'en'],
  [undefined, 'en'],
] as const)('the language %s is spoken as %s', (asked, spoken) => {
  expect(spokenLanguage(asked)).toBe(spoken);
});

test.each([
  [
    'punctuation and numbers are not said',
    "I'm at Frankfurt (Oder), at 9.",
    ["I'm", 'at', 'Frankfurt', 'Oder', 'at'],
  ],
  ['an abbreviation loses its dot', 'St. Louis', ['St', 'Louis']],
  ['a slash separates two words', 'Louisville/Jefferson County', ['Louisville', 'Jefferson', 'County']],
  ['a typographic apostrophe becomes a plain one', 'Jeanne d\u2019Arc', ['Jeanne', "d'Arc"]],
  [
    'dashes and spaces around words are not said',
    "  's-Gravenhage\n- Aix-en-Provence ",
    ["'s-Gravenhage", 'Aix-en-Provence'],
  ],
  ['a letter and its accent become one character', 'Zoe\u0308', ['Zo\u00eb']],
  ['an empty text has no words', '', []],
])('%s', (_what, text, words) => {
  expect(spokenWords(text)).toEqual(words);
});

test('a language is loaded once, under all its names', () => {
  expect(loadSentences('nl-NL')).toBe(loadSentences('nl'));
  expect(loadSentences('tlh')).toBe(loadSentences('en'));
  expect(loadSentences('de')).not.toBe(loadSentences('nl'));
});

describe.each(CODES)('in %s', (code) => {
  test('a sentence has 6 to 14 words, and up to 18 if a name has several', async () => {
    const lengths = (await sample(code)).map((words) => words.length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(6);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(18);

    const usual = lengths.filter((length) => length <= 14);
    expect(usual.length).toBeGreaterThan(0.9 * lengths.length);
  });

  test('a word consists of letters, apostrophes and hyphens', async () => {
    for (const words of await sample(code)) {
      for (const word of words) expect(word).toMatch(/^(?=.*\p{L})[\p{L}\p{M}'-]+$/u);
    }
  });

  test('the words are of this language only', async () => {
    const said = new Set((await sample(code)).flat());
    // The templates have only some of the everyday words.
    expect(TELLTALES[code].filter((word) => said.has(word)).length).toBeGreaterThanOrEqual(3);

    for (const other of CODES) {
      if (other === code) continue;
      expect(
        TELLTALES[other].filter((word) => said.has(word)),
        `${other} in ${code}`,
      ).toEqual([]);
    }
  });

  test('weekdays and months have their Unicode names in this language', async () => {
    const said = new Set((await sample(code)).flat());
    const names = (options: Intl.DateTimeFormatOptions, dates: readonly Date[]) =>
      dates.map((date) => new Intl.DateTimeFormat(code, { ...options, timeZone: 'UTC' }).format(date));
    const days = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)));
    const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 1)));
    for (const name of names({ weekday: 'long' }, days)) expect(said).toContain(name);
    for (const name of names({ month: 'long' }, months)) expect(said).toContain(name);
  });

  test('everything that faker fills in comes from a list of this language', () => {
    const native: Readonly<Record<string, unknown>> = { ...allLocales[code] };
    const slots = TEMPLATES[code].flatMap((template) => [...template.matchAll(/\{\{(\w+)\.(\w+)/g)]);

    expect(slots.length).toBeGreaterThan(20);

    for (const [, module = '', method = ''] of slots) {
      const list =
        method === 'city' ? 'city_pattern' : method.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
      expect(native[module], `${module}.${list}`).toHaveProperty(list);
    }
  });

  test('there are at least 22 different templates, without initial capitals and punctuation', () => {
    const templates = TEMPLATES[code];

    expect(templates.length).toBeGreaterThanOrEqual(22);
    expect(new Set(templates).size).toBe(templates.length);

    for (const template of templates) {
      const text = template.replaceAll(/\{\{.*?\}\}/g, '');
      expect(text).not.toMatch(/[^\p{L}' -]/u);
      expect(template).not.toMatch(/\s\s|^\s|\s$/);
      expect(template).not.toMatch(/^\p{Lu}(?!'|\s)/u);
    }
  });

  test('consecutive sentences differ, and so do any two within a round of the templates', async () => {
    const sentences = await loadSentences(code);
    const round = TEMPLATES[code].length;
    fc.assert(
      fc.property(seeds, fc.nat({ max: 10_000 }), (seed, from) => {
        const heard = Array.from({ length: round }, (_, i) => sentences(seed, from * round + i).join(' '));
        expect(new Set(heard).size).toBe(round);
        expect(sentences(seed, (from + 1) * round).join(' ')).not.toBe(heard.at(-1));
      }),
      { numRuns: 30 },
    );
  });

  test('the same seed and index give the same words, whatever was generated before', async () => {
    const sentences = await loadSentences(code);

    fc.assert(
      fc.property(
        seeds,
        indexes,
        fc.array(fc.tuple(seeds, indexes), { maxLength: 5 }),
        (seed, index, others) => {
          const first = sentences(seed, index);
          for (const [otherSeed, otherIndex] of others) sentences(otherSeed, otherIndex);
          expect(sentences(seed, index)).toEqual(first);
        },
      ),
    );
  });
});

test('French weekdays and months have no capitals', () => {
  const dates = french.join(' ').match(/\{\{date\.[^}]*/g) ?? [];
  expect(dates.length).toBeGreaterThan(5);
  for (const slot of dates) expect(slot).toContain('{"context":true');
});

test('different seeds give different words', async () => {
  const heard = await Promise.all(
    Array.from({ length: 20 }, async (_, seed) => (await sample('en', 10, seed)).join(' ')),
  );
  expect(new Set(heard).size).toBe(20);
});

test('each seed begins with another template, and has its own order', async () => {
  const fixed = english.filter((template) => !template.includes('{{'));
  expect(fixed.length).toBeGreaterThanOrEqual(2);

  const starts = new Set<number>();
  const distances = new Set<number>();
  for (let seed = 0; seed < 40; seed++) {
    const heard = (await sample('en', english.length, seed)).map((words) => words.join(' '));
    const [one = -1, other = -1] = fixed.map((template) => heard.indexOf(template));
    expect(Math.min(one, other)).toBeGreaterThanOrEqual(0);
    starts.add(one);
    distances.add((other - one + english.length) % english.length);
  }

  expect(starts.size).toBeGreaterThan(10);
  expect(distances.size).toBeGreaterThan(3);
});

test('one seed gives many names of people and places', async () => {
  const capitals = (await sample('es', 1000)).flat().filter((word) => /^\p{Lu}/u.test(word));
  expect(new Set(capitals).size).toBeGreaterThan(100);
});

test('the sequence of other code with the same locale of faker is not affected', async () => {
  const sentences = await loadSentences('nl');
  const draw = () => sharedFaker.number.int();
  sharedFaker.seed(7);
  const undisturbed = [draw(), draw(), draw()];
  sharedFaker.seed(7);
  const between = [draw(), (sentences(1, 1), draw()), (sentences(2, 5), draw())];

  expect(between).toEqual(undisturbed);

  const before = sentences(3, 3);
  sharedFaker.seed(99);
  expect(sentences(3, 3)).toEqual(before);
});
