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

/** A longer text is not a name. Characters. */
const LONGEST = 200;
/** The maximum number of names whose results are remembered. */
const MOST_KNOWN = 500;

/**
 * Names whose values are secret, in any case and with any separators.
 *
 * @param more additional names
 */
export function secretNames(more: readonly string[] = []): IsSecretName {
  const added = new Set(more.map(joined));
  /** A server sends few names, and each of them many times. */
  const known = new Map<string, boolean>();
  return (name) => {
    if (name.length > LONGEST) return false;
    const before = known.get(name);
    if (before !== undefined) return before;
    const plain = joined(name);
    const isSecret = added.has(plain) || LAST.has(lastPart(name)) || ENDING.test(plain);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(name, isSecret);
    return isSecret;
  };
}

/** Every such name has one of these in it, in any case, where it is unencoded. */
export const NAME_WORDS: readonly string[] = [
  ...[
    'key',
    'token',
    'secret',
    'passw',
    'pwd',
    'passphrase',
    'sig',
    'auth',
    'jwt',
    'credential',
    'assertion',
  ],
  ...['', '-', '_', '.', ' '].map((separator) => `connection${separator}string`),
];

/** A pattern that matches each of these additional names where it is unencoded; undefined if there are none. */
export function namePattern(more: readonly string[]): RegExp | undefined {
  const added = more
    .map((name) => Array.from(joined(name), quoted).join('[-_. ]?'))
    .filter((each) => each !== '');
  return added.length === 0 ? undefined : new RegExp(added.join('|'), 'i');
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
