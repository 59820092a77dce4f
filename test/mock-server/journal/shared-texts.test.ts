import { expect, it } from 'vitest';
import { LONGEST_SHARED, MOST_SHARED, SharedTexts } from '../../../src/mock-server/journal/shared-texts.ts';

it('equal texts are kept once', () => {
  const texts = new SharedTexts();
  for (let i = 0; i < 100; i++) expect(texts.of(`text ${i % 10}`)).toBe(`text ${i % 10}`);

  expect(texts.size).toBe(10);

  texts.clear();
  expect(texts.size).toBe(0);
});

it('a limited number of texts is kept, and no long ones', () => {
  const texts = new SharedTexts();
  const long = 'x'.repeat(LONGEST_SHARED + 1);
  expect(texts.of(long)).toBe(long);
  expect(texts.size).toBe(0);

  for (let i = 0; i < 5 * MOST_SHARED; i++) {
    expect(texts.of(`text ${i}`)).toBe(`text ${i}`);
    expect(texts.size).toBeLessThanOrEqual(2 * MOST_SHARED);
  }
  // The latest are still kept.
  const { size } = texts;
  texts.of(`text ${5 * MOST_SHARED - 1}`);
  expect(texts.size).toBe(size);
});
