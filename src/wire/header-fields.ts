/** Headers in the form of Node.js: names in lower case, and repeated ones joined. */
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
