import { closest, suggestion } from '../../runtime/text/closest.ts';
import { UserError } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';

/** What a key allows: `admin` everything, `user` everything except starting the service, the others nothing. */
export type KeyVerdict = 'admin' | 'user' | 'expired' | 'unknown' | 'missing';

/** Judges a key as the client sent it. */
export type Keys = (key: string | undefined) => KeyVerdict;

type Scope = 'admin' | 'user' | 'expired';

/** The special keys when none are configured, so that every refusal can be provoked without set-up. */
const BUILT_IN: ReadonlyMap<string, KeyVerdict> = new Map([
  ['invalid-key', 'unknown'],
  ['expired-key', 'expired'],
  ['user-key', 'user'],
]);

/**
 * Makes the judge of keys from entries of the form `KEY[:admin|user|expired]`; the scope is admin unless given. Without
 * entries every key is admin except the built-in `invalid-key`, `expired-key` and `user-key`.
 *
 * @throws UserError for an empty key, a key that is given twice, and an unknown scope.
 */
export function parseKeys(entries: readonly string[]): Keys {
  const scopes = new Map<string, Scope>();
  for (const entry of entries) {
    const { key, scope } = split(entry);
    if (/:[a-z]+$/.test(key) && key === entry) {
      throw new UserError(wrongScope(key, scopes.size + 1), { option: 'keys' });
    }
    if (key === '')
      throw new UserError('the key is empty; expected KEY or KEY:admin|user|expired', { option: 'keys' });
    // The message names the place, never the key.
    if (scopes.has(key))
      throw new UserError(`key number ${scopes.size + 1} was given before`, { option: 'keys' });
    scopes.set(key, scope);
  }
  return (key) => {
    if (key === undefined || key === '') return 'missing';
    if (scopes.size === 0) return BUILT_IN.get(key) ?? 'admin';
    return scopes.get(key) ?? 'unknown';
  };
}

/** The keys of such entries, without their scopes. */
export function secretsOf(entries: readonly string[]): readonly string[] {
  return entries.map((entry) => split(entry).key);
}

/** Whether a key opens a realtime connection. */
export function opensRealtime(verdict: KeyVerdict): boolean {
  return verdict === 'admin' || verdict === 'user';
}

/** Suggests a scope without repeating what was given, since the entry may contain a secret. */
function wrongScope(entry: string, number: number): string {
  const meant = closest(entry.slice(entry.lastIndexOf(':') + 1), SCOPES);
  const hint = suggestion(meant) ?? `; expected ${listed(SCOPES)}`;
  return `what follows the colon of key number ${number} is not a scope${hint} (if the colon belongs to the key, add a scope: KEY:admin)`;
}

const SCOPES: readonly Scope[] = ['admin', 'user', 'expired'];

function split(entry: string): { key: string; scope: Scope } {
  const colon = entry.lastIndexOf(':');
  const scope = entry.slice(colon + 1);
  // A key may itself contain a colon: only the three scopes are cut off.
  if (colon >= 0 && (scope === 'admin' || scope === 'user' || scope === 'expired')) {
    return { key: entry.slice(0, colon), scope };
  }
  return { key: entry, scope: 'admin' };
}
