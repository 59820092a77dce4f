import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/** Where systems keep the certificates that they trust. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

type SystemCertificates = (kind: 'system') => string[];

let loaded: readonly string[] | undefined;

/**
 * The certificates of Node and those of the system, such as a company's own: Node 20 knows only the former.
 * `SSL_CERT_FILE` names another file, as for OpenSSL.
 */
export function trustedCertificates(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  loaded ??= [...tls.rootCertificates, ...systemCertificates(env['SSL_CERT_FILE'])];
  return loaded;
}

function systemCertificates(file: string | undefined): readonly string[] {
  // Exists only in versions newer than Node.js 20.
  const ask = (tls as { getCACertificates?: SystemCertificates }).getCACertificates;
  if (ask !== undefined && file === undefined) return ask('system');
  for (const path of file === undefined ? BUNDLES : [file]) {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      // Try the next one.
    }
  }
  return [];
}
