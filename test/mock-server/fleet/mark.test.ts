import { expect, it } from 'vitest';
import { markWith } from '../../../src/mock-server/fleet/mark.ts';

it('a secret has the same mark in all replicas with the same key, and each secret has its own', () => {
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

it('the mark of no secret is empty', () => {
  expect(markWith('key')(undefined)).toBe('');
});
