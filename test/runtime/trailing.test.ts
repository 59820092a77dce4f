import { expect, test } from 'vitest';
import { withoutTrailing } from '../../src/runtime/trailing.ts';

test('characters are removed only at the end', () => {
  expect(withoutTrailing('//a//b//', '/')).toBe('//a//b');
  expect(withoutTrailing('a/\\/', '/\\')).toBe('a');
  expect(withoutTrailing('////', '/')).toBe('');
  expect(withoutTrailing('', '/')).toBe('');
});
