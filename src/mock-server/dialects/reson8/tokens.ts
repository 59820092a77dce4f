import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Keys } from '../keys.ts';

/** How long a token is valid, in milliseconds of scenario time; the value of `expires_in` on the vendor's page. */
export const TOKEN_LIFE_MS = 600_000;

/** No key of a service begins with this, so a damaged token is never mistaken for a key. */
const PREFIX = 'understudy.';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** The expiry, in milliseconds since 1970, as a 64-bit float. */
const EXPIRY_BYTES = 8;

/** The contents of an access token. */
export interface Token {
  /** The API key that the token was issued for. */
  readonly key: string;
  readonly isExpired: boolean;
}

/** Issues and reads access tokens. Nothing is stored, so servers with the same seed accept each other's tokens. */
export interface Tokens {
  /**
   * Issues a token for an API key, valid from now, for `lifeMs` of scenario time unless it is left out (600 s). It
   * contains only characters that are allowed in a subprotocol.
   */
  issue(key: string, lifeMs?: number): string;
  /** Reads a token: `forged` if we did not sign it, undefined if the text is no token at all. */
  read(text: string): Token | 'forged' | undefined;
  /** Judges the key or token that a client presents. Until it expires, a token is worth as much as its key. */
  readonly keys: Keys;
}

/**
 * A token contains the key and the expiry, encrypted and signed, so that a browser page with a token does not reveal
 * the key.
 *
 * @param unixMs the time of day by the clock of scenarios, in milliseconds since 1970
 */
export function newTokens(seed: number, keys: Keys, unixMs: () => number): Tokens {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', String(seed), 'understudy', use, 32));
  const secrets = { sign: derive('sign'), encrypt: derive('encrypt') };

  const issue = (key: string, lifeMs = TOKEN_LIFE_MS): string => {
    const plain = Buffer.alloc(EXPIRY_BYTES + Buffer.byteLength(key));
    plain.writeDoubleBE(unixMs() + lifeMs);
    plain.write(key, EXPIRY_BYTES);
    // Derived from the plain text, the IV needs no randomness and repeats only for an identical token.
    const iv = createHmac('sha256', secrets.sign).update(plain).digest().subarray(0, IV_BYTES);
    const cipher = createCipheriv(CIPHER, secrets.encrypt, iv, { authTagLength: TAG_BYTES });
    const sealed = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return `${PREFIX}${sealed.toString('base64url')}`;
  };

  const read = (text: string): Token | 'forged' | undefined => {
    if (!isToken(text)) return undefined;
    const plain = open(Buffer.from(text.slice(PREFIX.length), 'base64url'), secrets.encrypt);
    if (plain === undefined) return 'forged';
    return {
      key: plain.toString('utf8', EXPIRY_BYTES),
      isExpired: unixMs() >= plain.readDoubleBE(),
    };
  };

  return {
    issue,
    read,
    keys: (text) => {
      const token = text === undefined ? undefined : read(text);
      if (token === undefined) return keys(text);
      if (token === 'forged') return 'unknown';
      return token.isExpired ? 'expired' : keys(token.key);
    },
  };
}

/** Whether a text looks like a token of the fake; the signature is not checked. */
export function isToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Decrypts a token; undefined if the signature is not ours. */
function open(sealed: Buffer, secret: Buffer): Buffer | undefined {
  if (sealed.length < IV_BYTES + EXPIRY_BYTES + TAG_BYTES) return undefined;
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, secret, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}
