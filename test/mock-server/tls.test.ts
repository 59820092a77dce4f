import { generateKeyPairSync } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../src/mock-server/events.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { UserError } from '../../src/runtime/errors.ts';
import { certificate, type Pair } from '../support/servers/certificates.ts';

const PASSPHRASE = 's3cret-of-the-key';
let own: Pair;
let other: Pair;
beforeAll(async () => {
  [own, other] = await Promise.all([certificate(), certificate()]);
});

function derOf(pem: string): string {
  return Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64').toString();
}

function keyPair(form: { type: 'pkcs8' | 'pkcs1'; cipher?: string }): {
  publicKey: string;
  privateKey: string;
} {
  const { type, cipher } = form;
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: {
      ...{ type, format: 'pem' },
      ...(cipher === undefined ? {} : { cipher, passphrase: PASSPHRASE }),
    },
  });
}

// An encrypted key was "bad decrypt", and most others "no start line", at the certificate whichever it was.
describe('a certificate and a key', () => {
  it.each<[what: string, pair: () => Pair, said: string]>([
    [
      'that is encrypted',
      () => ({ ...own, key: keyPair({ type: 'pkcs8', cipher: 'aes-256-cbc' }).privateKey }),
      'tls.key: expected a private key in PEM without a passphrase, got an encrypted one: openssl pkey -in FILE -out PEM-FILE decrypts it',
    ],
    [
      'that is encrypted in the older way',
      () => ({ ...own, key: keyPair({ type: 'pkcs1', cipher: 'aes-256-cbc' }).privateKey }),
      'tls.key: expected a private key in PEM without a passphrase, got an encrypted one: openssl pkey -in FILE -out PEM-FILE decrypts it',
    ],
    [
      'of another certificate',
      () => ({ ...own, key: other.key }),
      'tls.key: this key does not belong to the certificate',
    ],
    [
      'of a certificate that is not the first',
      () => ({ cert: `${other.cert}\n${own.cert}`, key: own.key }),
      'tls.key: this key does not belong to the first certificate, which has to be that of the server',
    ],
    [
      'in place of each other',
      () => ({ cert: own.key, key: own.cert }),
      [
        'tls.cert: expected a certificate in PEM, got a private key: are the two exchanged?',
        'tls.key: expected a private key in PEM, got a certificate: are the two exchanged?',
      ].join('\n'),
    ],
    [
      'in DER',
      () => ({ cert: derOf(own.cert), key: derOf(own.key) }),
      [
        'tls.cert: expected a certificate in PEM, got DER: openssl x509 -inform der -in FILE -out PEM-FILE converts it',
        'tls.key: expected a private key in PEM, got DER: openssl pkey -inform der -in FILE -out PEM-FILE converts it',
      ].join('\n'),
    ],
    [
      'that is the public one',
      () => ({ ...own, key: keyPair({ type: 'pkcs8' }).publicKey }),
      'tls.key: expected a private key in PEM, got PUBLIC KEY',
    ],
    [
      'of which half is missing',
      () => ({ cert: own.cert.slice(0, 600), key: own.key }),
      'tls.cert: expected a certificate in PEM; this one is damaged (bad end line)',
    ],
    [
      'that are neither',
      () => ({ cert: ' \n', key: 'hello' }),
      [
        'tls.cert: expected a certificate in PEM, got nothing',
        'tls.key: expected a private key in PEM, got something else',
      ].join('\n'),
    ],
  ])('%s', async (_what, pair, said) => {
    const error: unknown = await startMockServer({ tls: pair() }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toBe(said);
    expect(said).not.toContain(PASSPHRASE);
  });

  it('may stand in one file', async () => {
    const all = `${own.cert}\n${own.key}`;
    await using fake = await startMockServer({ tls: { cert: all, key: all } });
    expect(fake.urls.url).toMatch(/^https:/);
  });
});

describe('a client of the other protocol', () => {
  function fails(request: ReturnType<typeof httpRequest>): Promise<void> {
    return new Promise((resolve, reject) => {
      request.on('error', () => resolve()).on('response', () => reject(new Error('it was answered')));
      request.end();
    });
  }

  it.each([
    [false, 'tls', 'is wss:// meant to be ws://?'],
    [true, 'http', 'is ws:// meant to be wss://?'],
  ] as const)('is reported once (TLS: %s)', async (isSecure, began, asked) => {
    const events: ServerEvent[] = [];
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    await using fake = await startMockServer({
      ...(isSecure ? { tls: own } : {}),
      onEvent(event) {
        events.push(event);
        tell();
      },
    });
    const { port } = new URL(fake.urls.url);
    const options = { host: '127.0.0.1', port, path: '/?token=s3cret', agent: false };
    await fails(isSecure ? httpRequest(options) : httpsRequest(options));
    await told;

    expect(events).toEqual([
      { event: 'wrong-scheme', began, message: expect.stringContaining(asked) as string },
    ]);
  });

  it('is not what sends a line that is no HTTP', async () => {
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({ onEvent: (event) => void events.push(event) });
    const answer = await fetch(fake.urls.url, { method: 'GET', headers: { 'x-long': 'x'.repeat(20_000) } });

    expect(answer.status).toBe(431);
    expect(events).toEqual([]);
  });
});
