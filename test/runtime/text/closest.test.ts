import { expect, it } from 'vitest';
import { closest, LONGEST_MISTYPED, MOST_CANDIDATES } from '../../../src/runtime/text/closest.ts';

it.each([
  ['prot', 'port'],
  ['start-tme', 'start-time'],
  ['jsno', 'json'],
  ['spek', 'speak'],
  ['port', 'port'],
  ['quux', undefined],
  ['x', undefined],
  ['', undefined],
])('"%s" is corrected to "%s"', (word, meant) => {
  expect(closest(word, ['port', 'host', 'start-time', 'json', 'speak', 'speed'])).toBe(meant);
});

// A name of a million characters used to be compared with every scenario, which blocked the server for 75 s.
it.each([
  ['a word', 'x'.repeat(LONGEST_MISTYPED + 1), ['x'.repeat(LONGEST_MISTYPED)]],
  ['a candidate', 'x'.repeat(LONGEST_MISTYPED), ['x'.repeat(LONGEST_MISTYPED + 1)]],
])('%s that is longer than a person would mistype is not compared', (_what, word, candidates) => {
  expect(closest(word, candidates)).toBeUndefined();
  expect(closest('x'.repeat(LONGEST_MISTYPED), ['x'.repeat(LONGEST_MISTYPED)])).toBeDefined();
});

it('a limited number of candidates is compared', () => {
  const others = Array.from({ length: MOST_CANDIDATES }, (_, i) => `scenario-${i}`);
  expect(closest('happy-pth', ['happy-path', ...others])).toBe('happy-path');
  expect(closest('happy-pth', [...others, 'happy-path'])).toBeUndefined();
});
