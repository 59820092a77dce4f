import { expect, it } from 'vitest';
import { markWith } from '../../../src/mock-server/fleet/mark.ts';

it('names a secret the same in all that have the key, and each secret otherwise', () => {
  const [one, two, stranger] = [markWith('key'), markWith('key'), markWith('another key')];
  const secrets = ['a', 'b', 'a', '', 'ab', 'b'];
  const marks = secrets.map(one);
  const reversed = secrets.toReversed().map(two).toReversed();

  expect(reversed).toEqual(marks);
  expect(new Set(marks).size).toBe(new Set(secrets).size);
  expect(marks[2]).toBe(marks[0]);
  expect(marks[0]).toMatch(/^[\w-]{22}$/);
  expect(stranger('a')).not.toBe(one('a'));
});

it('has no name for no secret', () => {
  expect(markWith('key')(undefined)).toBe('');
});
