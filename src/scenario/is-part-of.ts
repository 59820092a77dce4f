/**
 * Whether a value has everything that is expected of it: an object may have more fields, at any depth; an array must
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
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
  const fields = actual as Readonly<Record<string, unknown>>;
  return Object.entries(expected).every(([name, value]) => name in fields && isPartOf(value, fields[name]));
}
