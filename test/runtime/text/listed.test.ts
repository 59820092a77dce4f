import { expect, it } from 'vitest';
import { listed } from '../../../src/runtime/text/listed.ts';

it.each([
  ['', []],
  ['a', ['a']],
  ['a or b', ['a', 'b']],
  ['a, b or c', ['a', 'b', 'c']],
])('names are listed as "%s"', (sentence, names) => {
  expect(listed(names)).toBe(sentence);
  expect(listed(names, 'and')).toBe(sentence.replace(' or ', ' and '));
});
