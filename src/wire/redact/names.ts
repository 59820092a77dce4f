/** Whether the value of a name (a header, a field, a parameter, a cookie) is secret. */
export type IsSecretName = (name: string) => boolean;

/** Last parts of names: `session_token`, `x-auth`, `subscriptionKey`, `client.secret`. */
const LAST = new Set([
  ...['token', 'key', 'apikey', 'secret', 'secrets', 'password', 'passwords', 'passwd', 'pwd', 'passphrase'],
  ...['jwt', 'auth', 'authorization', 'credential', 'credentials', 'signature', 'sig', 'assertion'],
]);

/** The same if nothing separates the parts, and the names in signed URLs and connection strings. */
const ENDING =
  /(?:token|secret|password|passwd|passphrase|apikey|(?:access|account|api|auth|private|secret|session|shared|subscription)keys?|signature|credentials?|authorization|connectionstring|jwt)$/;

/**
 * Names whose values are secret, in any case and with any separators.
 *
 * @param more additional names
 */
export function secretNames(more: readonly string[] = []): IsSecretName {
  const added = new Set(more.map(joined));
  return (name) => {
    if (name.length > 200) return false;
    const plain = joined(name);
    return added.has(plain) || LAST.has(lastPart(name)) || ENDING.test(plain);
  };
}

/** A pattern that matches every such name where it is unencoded. */
export function namePattern(more: readonly string[] = []): string {
  const added = more
    .map((name) => Array.from(joined(name), quoted).join('[-_. ]?'))
    .filter((each) => each !== '');
  return [
    ...['key', 'token', 'secret', 'passw', 'pwd', 'passphrase', 'sig', 'auth', 'jwt', 'credential'],
    ...['assertion', 'connection[-_. ]?string', ...added],
  ].join('|');
}

/** Names whose values may also be harmless: `"auth": "none"`. */
export function isLooseName(name: string): boolean {
  return /^(?:auth|authorization|credentials?|assertion|key)$/.test(lastPart(name));
}

function joined(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function lastPart(name: string): string {
  const parts = name.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1-$2').split(/[^\p{L}\p{N}]+/u);
  return (parts.findLast((part) => part !== '') ?? '').toLowerCase();
}

function quoted(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
