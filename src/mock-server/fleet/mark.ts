import { createHmac } from 'node:crypto';

/** Long enough a digest that no two secrets share it. */
const MARK_CHARACTERS = 22;

/** The marks that are remembered: one upgrade takes the same one several times. */
const MOST_REMEMBERED = 1000;

/**
 * Names a secret in Redis without revealing it: all replicas use the same name for the same secret. No secret is the empty text.
 *
 * @param key the secret of the fleet
 */
export function markWith(key: string): (secret: string | undefined) => string {
  const marks = new Map<string, string>();
  return (secret) => {
    if (secret === undefined) return '';
    const known = marks.get(secret);
    if (known !== undefined) return known;
    const mark = createHmac('sha256', key).update(secret).digest('base64url').slice(0, MARK_CHARACTERS);
    if (marks.size >= MOST_REMEMBERED) marks.clear();
    marks.set(secret, mark);
    return mark;
  };
}
