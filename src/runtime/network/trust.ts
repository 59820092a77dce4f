import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { codeOf, messageOf, systemReason, UserError } from '../errors.ts';
import { certificatesIn, pemKindOf, withoutPlaces } from './pem.ts';

/** Where systems keep the certificates that they trust. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

type SystemCertificates = (kind: 'system') => string[];

let made: { readonly of: string; readonly context: tls.SecureContext } | undefined;

/**
 * What is trusted as a client: the certificates of Node.js and those of the system, such as a company's own, of which
 * Node 20 knows only the former. Reading them takes 60 ms, so all connections share it.
 *
 * @throws UserError if SSL_CERT_FILE names anything but certificates
 */
export function trusted(env: NodeJS.ProcessEnv = process.env): tls.SecureContext {
  const { SSL_CERT_FILE: instead = '', NODE_EXTRA_CA_CERTS: more = '' } = env;
  const of = JSON.stringify([instead, more]);
  if (made?.of !== of) {
    const system = instead === '' ? systemCertificates() : inFile(instead, 'SSL_CERT_FILE');
    const ca = [...tls.rootCertificates, ...system, ...(more === '' ? [] : extraIn(more))];
    made = { of, context: tls.createSecureContext({ ca }) };
  }
  return made.context;
}

/**
 * Reads what is trusted if one of the URLs is for TLS, so that a mistake is reported before anything begins.
 *
 * @throws UserError as `trusted` does
 */
export function checkTrust(...urls: readonly string[]): void {
  if (urls.some((url) => /^(?:wss|https|rediss):/.test(url))) trusted();
}

function systemCertificates(): readonly string[] {
  // Exists only in versions newer than Node.js 20.
  const ask = (tls as { getCACertificates?: SystemCertificates }).getCACertificates;
  if (ask !== undefined) return ask('system');
  for (const path of BUNDLES) {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      // Try the next one.
    }
  }
  return [];
}

/** As for Node.js, a mistake in this variable is worth a warning: it may be set for all programs of a machine. */
function extraIn(file: string): readonly string[] {
  try {
    return inFile(file, 'NODE_EXTRA_CA_CERTS');
  } catch (error) {
    process.emitWarning(messageOf(error));
    return [];
  }
}

/** @throws UserError */
function inFile(file: string, variable: string): readonly string[] {
  const expected = 'expected a file with certificates in PEM';
  const wrong = (what: string, code?: string) => new UserError(what, { variable, file, code });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw wrong(`cannot be read: ${systemReason(error)}; ${expected}`, codeOf(error));
  }
  const certificates = certificatesIn(text);
  if (certificates.length === 0) throw wrong(`${expected}, got ${pemKindOf(text)}`);
  // Node.js would leave out such a one, and those behind it, without a word.
  for (const [i, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch (error) {
      throw wrong(`${expected}; number ${i + 1} in it is damaged (${withoutPlaces(messageOf(error))})`);
    }
  }
  return certificates;
}
