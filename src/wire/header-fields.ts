/** Headers as Node.js would give them: names in lower case, and what came more than once as one. */
export function joinedHeaders(
  fields: Iterable<readonly [name: string, value: string]>,
): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [given, value] of fields) {
    const name = given.toLowerCase();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return Object.fromEntries(headers);
}
