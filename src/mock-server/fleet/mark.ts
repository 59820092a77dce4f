import { createHmac } from 'node:crypto';

/** Enough of a digest that no two secrets share it. */
const MARK_CHARACTERS = 22;

/**
 * Names secrets in Redis without telling them: the same name for the same secret in all replicas. None is the empty text.
 *
 * @param key the secret of the fleet
 */
export function markWith(key: string): (secret: string | undefined) => string {
  return (secret) =>
    secret === undefined
      ? ''
      : createHmac('sha256', key).update(secret).digest('base64url').slice(0, MARK_CHARACTERS);
}
