import { expect, it } from 'vitest';
import { listed } from '../../../src/runtime/text/listed.ts';

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('puts %j into a sentence', (names, sentence) => {
  expect(listed(names)).toBe(sentence);
  expect(listed(names, 'and')).toBe(sentence.replace(' or ', ' and '));
});
