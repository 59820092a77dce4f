import { isFields } from '../runtime/json/fields.ts';

/**
 * Whether a value contains everything that is expected: an object may have more fields, at any depth; an array must
 * have exactly these elements; anything else must be equal.
 */
export function isPartOf(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((element, i) => isPartOf(element, actual[i]))
    );
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual);
  if (!isFields(actual)) return false;
  return Object.entries(expected).every(([name, value]) => name in actual && isPartOf(value, actual[name]));
}
