import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDuration } from '../../src/runtime/duration.ts';

it.each([
  ['0ms', 0],
  ['300ms', 300],
  ['0.5ms', 0.5],
  ['2s', 2000],
  ['1.5m', 90_000],
  ['1h', 3_600_000],
  ['007s', 7000],
])('%s is %d milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([
  '',
  '5',
  's',
  '-1s',
  '+1s',
  '1 s',
  ' 1s',
  '1s ',
  '1S',
  '1sec',
  '1d',
  '.5s',
  '1.s',
  '1,5s',
  '1e3ms',
  'NaNs',
  '1s\n',
])('"%s" is not a duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

it('the same duration in another unit is equal', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), (count) => {
      expect(parseDuration(`${count}s`)).toBe(parseDuration(`${count * 1000}ms`));
      expect(parseDuration(`${count}m`)).toBe(parseDuration(`${count * 60}s`));
      expect(parseDuration(`${count}h`)).toBe(parseDuration(`${count * 60}m`));
    }),
  );
});
