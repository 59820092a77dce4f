import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadSentences } from '../../src/generate/utterances.ts';
import { confidence, spokenMs } from '../../src/generate/words.ts';
import { chance } from '../../src/runtime/random.ts';

const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test.each([
  ['a', 'banana'],
  ['on', 'once'],
  ['tea', 'theory'],
  ['dag', 'donderdagmiddag'],
  ['été', 'université'],
  ['12', '1234'],
])('"%s" takes less time than "%s"', (short, long) => {
  expect(spokenMs(short, 0.5)).toBeLessThan(spokenMs(long, 0.5));
});

test('an accent on a letter makes no difference, however it is encoded', () => {
  expect(spokenMs('leído', 0.5)).toBe(spokenMs('leido', 0.5));
  expect(spokenMs('über'.normalize('NFD'), 0.5)).toBe(spokenMs('über'.normalize('NFC'), 0.5));
});

test('digits are read out one by one', () => {
  expect(spokenMs('2024', 0.5)).toBeGreaterThan(spokenMs('hmmm', 0.5));
});

test('an empty text takes 120 ms, and the longest word 900 ms', () => {
  expect(spokenMs('', 0)).toBe(120);
  expect(spokenMs('Rindfleischetikettierungsgesetz', 0)).toBe(900);
});

test('any word takes a whole number of milliseconds from 120 to 900', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), chances, (text, at) => {
      const ms = spokenMs(text, at);
      expect(Number.isInteger(ms)).toBe(true);
      expect(ms).toBeGreaterThanOrEqual(120);
      expect(ms).toBeLessThanOrEqual(900);
    }),
  );
});

test('a random number makes a word up to 15 percent shorter or longer, and a larger number never shorter', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{3,9}$/), chances, chances, (text, one, two) => {
      const usual = spokenMs(text, 0.5);
      const low = spokenMs(text, Math.min(one, two));
      const high = spokenMs(text, Math.max(one, two));
      expect(low).toBeLessThanOrEqual(high);
      // Two roundings of up to one millisecond.
      expect(low).toBeGreaterThanOrEqual(Math.max(120, 0.85 * usual - 1));
      expect(high).toBeLessThanOrEqual(Math.min(900, 1.15 * usual + 1));
    }),
  );
  expect(spokenMs('yesterday', 0)).toBeLessThan(spokenMs('yesterday', 0.99));
});

test.each(['en', 'nl', 'de', 'fr', 'es'])('sentences in %s take about 330 ms per word', async (language) => {
  const sentences = await loadSentences(language);
  const words = Array.from({ length: 1000 }, (_, index) => sentences(5, index)).flat();
  const totalMs = words.reduce((sum, word, index) => sum + spokenMs(word, chance(5, index)), 0);

  expect(totalMs / words.length).toBeGreaterThan(300);
  expect(totalMs / words.length).toBeLessThan(360);
});

test('a confidence is 0.80 to 0.99 with two decimals', () => {
  fc.assert(
    fc.property(chances, (at) => {
      const sure = confidence(at);
      expect(sure).toBeGreaterThanOrEqual(0.8);
      expect(sure).toBeLessThanOrEqual(0.99);
      expect(sure).toBe(Number(sure.toFixed(2)));
    }),
  );
});

test('confidences are mostly high, and each of them occurs', () => {
  const all = Array.from({ length: 1000 }, (_, i) => confidence(i / 1000));
  expect(all.filter((sure) => sure >= 0.9).length).toBeGreaterThan(700);
  expect(new Set(all).size).toBe(20);
});

test('a word takes the same time again, however many others were generated meanwhile', () => {
  const before = spokenMs('appointment', 0.3);
  for (let i = 0; i < 10_000; i++) spokenMs(`word${i}`, 0.5);

  expect(spokenMs('appointment', 0.3)).toBe(before);
  expect(spokenMs('appointment', 0.9)).toBeGreaterThan(before);
});
