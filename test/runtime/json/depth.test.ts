import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEEPEST_JSON, isDeeperThan, parseJson, TOO_DEEP } from '../../../src/runtime/json/depth.ts';

it.each([
  ['1', 0, false],
  ['[]', 0, true],
  ['[]', 1, false],
  ['[{"a":[]}]', 3, false],
  ['[{"a":[]}]', 2, true],
  ['[[],[],[]]', 2, false],
  ['"[[[["', 0, false],
  ['{"a\\"[[[":"]\\\\"}', 1, false],
  ['"[', 0, false],
  ['"\\', 0, false],
])('%s is deeper than %i: %s', (text, levels, expected) => {
  expect(isDeeperThan(text, levels)).toBe(expected);
});

it('the depth of a text is that of its value', () => {
  const depthOf = (value: unknown): number =>
    typeof value !== 'object' || value === null ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const depth = depthOf(JSON.parse(text));
      expect(isDeeperThan(text, depth)).toBe(false);
      expect(isDeeperThan(text, depth - 1)).toBe(true);
    }),
  );
});

it('a million levels do not overflow the stack', () => {
  expect(isDeeperThan('['.repeat(1_000_000), 1_000_001)).toBe(false);
});

// JSON.parse reads any depth, but JSON.stringify overflows the stack, so a run used to end without a report.
it('JSON is read up to a depth that can be written again, and refused beyond it', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  expect(JSON.stringify(parseJson(nested(DEEPEST_JSON)))).toBe(nested(DEEPEST_JSON));
  expect(() => parseJson(nested(DEEPEST_JSON + 1))).toThrow(new SyntaxError(TOO_DEEP));
  expect(() => parseJson('[')).toThrow(SyntaxError);
});
