import { expect, it } from 'vitest';
import { closest } from '../../src/runtime/closest.ts';

it.each([
  ['prot', 'port'],
  ['start-tme', 'start-time'],
  ['jsno', 'json'],
  ['spek', 'speak'],
  ['port', 'port'],
  ['quux', undefined],
  ['x', undefined],
  ['', undefined],
])('%j means %j', (word, meant) => {
  expect(closest(word, ['port', 'host', 'start-time', 'json', 'speak', 'speed'])).toBe(meant);
});
