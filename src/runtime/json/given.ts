// What tests in JavaScript give has no compiler that looks at it.

/** Whether it is a list of texts. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** What kind of value it is, in words: `a number`, `nothing`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value))
    return value.every((each) => typeof each === 'string') ? 'a list of texts' : 'a list of other values';
  const names: Readonly<Record<string, string>> = { string: 'a text', object: 'an object' };
  return names[typeof value] ?? `a ${typeof value}`;
}
