import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { messageOf, UserError, type Mistake } from '../../runtime/errors.ts';
import { dateOf, wallNowMs } from '../../runtime/wall-time.ts';
import {
  binaryFormOf,
  certificatesIn,
  pemKindOf,
  labelsIn,
  withoutPlaces,
} from '../../runtime/network/pem.ts';

/** A certificate and its private key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/**
 * The pair of a server: the one that was given, or one that is made for its host.
 *
 * @throws UserError for each part that no client could connect to
 */
export async function pairOf(tls: true | Pair, host: string): Promise<Pair> {
  if (tls === true) return selfSigned(host);
  checkPair(tls);
  return tls;
}

/**
 * Refuses what no client could connect to. Node.js takes an empty part for none, and says little of any other.
 *
 * @throws UserError for each part that is wrong, without repeating it
 */
function checkPair({ cert, key }: Pair): void {
  const certificate = certificateIn(cert);
  const secret = keyIn(key);
  const wrong = [certificate, secret].filter((each) => 'what' in each);
  if ('what' in certificate || 'what' in secret) throw new UserError(wrong);
  if (certificate.checkPrivateKey(secret)) return;
  const first =
    certificatesIn(cert).length > 1
      ? 'the first certificate, which has to be that of the server'
      : 'the certificate';
  throw new UserError(`this key does not belong to ${first}`, { option: 'tls.key' });
}

/** For a pair that OpenSSL refuses for another reason, such as a key that is too short. */
export function unusable(error: unknown): UserError {
  return new UserError(`this pair cannot be used (${withoutPlaces(messageOf(error))})`, {
    option: 'tls.cert',
  });
}

function certificateIn(text: string): X509Certificate | Mistake {
  const wrong = (what: string): Mistake => ({ option: 'tls.cert', what });
  const expected = 'expected a certificate in PEM';
  const labels = labelsIn(text);
  const [first] = certificatesIn(text);
  if (first !== undefined) {
    try {
      return new X509Certificate(first);
    } catch (error) {
      return wrong(`${expected}; this one is damaged (${withoutPlaces(messageOf(error))})`);
    }
  }
  if (labels.some(isKey)) return wrong(`${expected}, got a private key: are the two exchanged?`);
  if (labels.some((label) => label.endsWith('CERTIFICATE REQUEST')))
    return wrong(`${expected}, got a request for one`);
  switch (binaryFormOf(text)) {
    case 'DER':
      return wrong(`${expected}, got DER: openssl x509 -inform der -in FILE -out PEM-FILE converts it`);
    case 'PKCS #12':
      return wrong(`${expected}, got PKCS #12: openssl pkcs12 -nokeys -in FILE -out PEM-FILE converts it`);
    case undefined:
      return wrong(`${expected}, got ${pemKindOf(text)}`);
  }
}

function keyIn(text: string): KeyObject | Mistake {
  const wrong = (what: string): Mistake => ({ option: 'tls.key', what });
  const expected = 'expected a private key in PEM';
  const labels = labelsIn(text);
  if (labels.includes('ENCRYPTED PRIVATE KEY') || /^Proc-Type: 4,ENCRYPTED/m.test(text))
    return wrong(
      `${expected} without a passphrase, got an encrypted one: openssl pkey -in FILE -out PEM-FILE decrypts it`,
    );
  if (labels.includes('OPENSSH PRIVATE KEY')) return wrong(`${expected}, got one of OpenSSH`);
  if (labels.some(isKey)) {
    try {
      return createPrivateKey(text);
    } catch (error) {
      return wrong(`${expected}; this one is damaged (${withoutPlaces(messageOf(error))})`);
    }
  }
  if (certificatesIn(text).length > 0) return wrong(`${expected}, got a certificate: are the two exchanged?`);
  switch (binaryFormOf(text)) {
    case 'DER':
      return wrong(`${expected}, got DER: openssl pkey -inform der -in FILE -out PEM-FILE converts it`);
    case 'PKCS #12':
      return wrong(
        `${expected}, got PKCS #12: openssl pkcs12 -nocerts -nodes -in FILE -out PEM-FILE converts it`,
      );
    case undefined:
      return wrong(`${expected}, got ${pemKindOf(text)}`);
  }
}

function isKey(label: string): boolean {
  return label.endsWith('PRIVATE KEY');
}

const YEAR_MS = 365 * 86_400_000;

/** A certificate for this host, valid from now on, even if a test has faked the time. */
async function selfSigned(host: string): Promise<Pair> {
  const { generate } = await import('selfsigned');
  const names = [...new Set(['localhost', host])];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate: dateOf(wallNowMs()),
    notAfterDate: dateOf(wallNowMs() + YEAR_MS),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          ...names
            .filter((name) => !/^[\d.:a-f]+$/i.test(name))
            .map((value) => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
          { type: 7 as const, ip: '::1' },
        ],
      },
    ],
  });
  return { cert, key };
}
