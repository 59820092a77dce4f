import { hash } from 'node:crypto';

/** A digest of this length is long enough to be different for any two secrets. */
const MARK_CHARACTERS = 22;

/**
 * Names a secret in Redis without revealing it: all replicas use the same name for the same secret. No secret is the
 * empty text.
 *
 * @param key the secret of the fleet
 */
export function markWith(key: string): (secret: string | undefined) => string {
  // One upgrade takes the same mark several times.
  let last: string | undefined;
  let mark = '';
  return (secret) => {
    if (secret === undefined) return '';
    if (secret !== last) {
      // Not an HMAC: as the digest is cut, no one can extend the mark of one secret to that of a longer one; and each
      // HMAC would leave an object outside the heap behind, which makes collecting garbage several times longer.
      mark = hash('sha256', `${key} ${secret}`, 'base64url').slice(0, MARK_CHARACTERS);
      last = secret;
    }
    return mark;
  };
}
