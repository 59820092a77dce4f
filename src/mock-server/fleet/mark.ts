import { createHmac } from 'node:crypto';

/** Long enough a digest that no two secrets share it. */
const MARK_CHARACTERS = 22;

/**
 * Names a secret in Redis without revealing it: all replicas use the same name for the same secret. No secret is the empty text.
 *
 * @param key the secret of the fleet
 */
export function markWith(key: string): (secret: string | undefined) => string {
  return (secret) =>
    secret === undefined
      ? ''
      : createHmac('sha256', key).update(secret).digest('base64url').slice(0, MARK_CHARACTERS);
}
