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
])('"%s" means "%s"', (word, meant) => {
  expect(closest(word, ['port', 'host', 'start-time', 'json', 'speak', 'speed'])).toBe(meant);
});

// A name of a million characters was compared with every scenario, letter by letter: the server stood still for 75 s.
it.each([
  ['a word', 'x'.repeat(LONGEST_MISTYPED + 1), ['x'.repeat(LONGEST_MISTYPED)]],
  ['a candidate', 'x'.repeat(LONGEST_MISTYPED), ['x'.repeat(LONGEST_MISTYPED + 1)]],
])('does not compare %s that is longer than a person would mistype', (_what, word, candidates) => {
  expect(closest(word, candidates)).toBeUndefined();
  expect(closest('x'.repeat(LONGEST_MISTYPED), ['x'.repeat(LONGEST_MISTYPED)])).toBeDefined();
});

it('looks at a limited number of candidates', () => {
  const others = Array.from({ length: MOST_CANDIDATES }, (_, i) => `scenario-${i}`);
  expect(closest('happy-pth', ['happy-path', ...others])).toBe('happy-path');
  expect(closest('happy-pth', [...others, 'happy-path'])).toBeUndefined();
});
