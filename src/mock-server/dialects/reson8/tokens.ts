import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Keys } from '../keys.ts';

/** How long a token is valid, in seconds of scenario time: the `expires_in` of the vendor's page. */
export const EXPIRES_IN_S = 600;

/** No key of a service begins like this, so a token that was tampered with is not taken for a key. */
const PREFIX = 'understudy.';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** The expiry, in milliseconds since 1970, as a 64-bit float. */
const EXPIRY_BYTES = 8;

/** What an access token says. */
export interface Token {
  /** The API key that it was made from. */
  readonly key: string;
  readonly isExpired: boolean;
}

/** Makes and reads access tokens. Nothing is stored: servers with the same seed take each other's tokens. */
export interface Tokens {
  /** A token for an API key, valid from now on. Only characters that a subprotocol may hold. */
  issue(key: string): string;
  /** What a text says that is a token: `forged` without our signature, undefined for anything but a token. */
  read(text: string): Token | 'forged' | undefined;
  /** Judges what a client presents as a key or a token; a token is worth what its key is, until it expires. */
  readonly keys: Keys;
}

/**
 * Tokens are the key and the expiry, signed and encrypted: what a page holds does not show the key at sight.
 *
 * @param unixMs the time of day by the clock of scenarios, in milliseconds since 1970
 */
export function newTokens(seed: number, keys: Keys, unixMs: () => number): Tokens {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', String(seed), 'understudy', use, 32));
  const secrets = { sign: derive('sign'), encrypt: derive('encrypt') };

  const issue = (key: string): string => {
    const plain = Buffer.alloc(EXPIRY_BYTES + Buffer.byteLength(key));
    plain.writeDoubleBE(unixMs() + EXPIRES_IN_S * 1000);
    plain.write(key, EXPIRY_BYTES);
    // Made from what it is for, it needs no chance and is the same only for the same token.
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

/** Whether a text has the form of a token of the fake, signed or not. */
export function isToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** What was sealed, or undefined when the signature is not ours. */
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
