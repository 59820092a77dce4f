import { codeOf, messageOf } from '../errors.ts';
import { withoutPlaces } from './pem.ts';
import { isTls, packetOf } from './wrong-scheme.ts';

/** Why a connection failed. The message may name addresses. */
export interface Failure {
  /** The code of the system or of OpenSSL, or one of ours: `TIMEOUT`, `EXPECTS_TLS`. */
  readonly code: string;
  readonly message: string;
}

/** The code of a connection without TLS to a server that expects it. */
export const EXPECTS_TLS = 'EXPECTS_TLS';

/** What Node.js 24 suggests, which cannot be done where its command line is ours. */
const HINT = /; if the root CA is installed locally, try running Node\.js with --use-system-ca$/;

/** With a code and a message that are the same whether reading or writing has failed, and in all versions of Node.js. */
export function failureOf(error: unknown): Failure {
  const code = codeOf(error) ?? 'ERROR';
  const message = withoutPlaces(messageOf(error)).replace(HINT, '');
  if (code.startsWith('HPE_') && isTls(packetOf(error))) return { code: EXPECTS_TLS, message };
  const [, reason] = /routines:[^:]*:([^:]+):/.exec(messageOf(error)) ?? [];
  if (code !== 'EPROTO' || reason === undefined) return { code, message };
  return { code: `ERR_SSL_${reason.toUpperCase().replaceAll(/[^A-Z\d]+/g, '_')}`, message };
}

/** Whether an answer to plain HTTP says that the server expects TLS, in the words of nginx, Go, Apache or Tomcat. */
export function isForTls(status: number, body: string): boolean {
  return (
    status === 400 &&
    /plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server|plain HTTP to an SSL-enabled|requires TLS/.test(
      body,
    )
  );
}

/** Codes that are our own, and say no more than the message. */
const OURS: readonly string[] = ['ERROR', 'TIMEOUT', 'ABORTED', EXPECTS_TLS];

/** The failure in the words of the system, in plain words before it where there are any, for who has given the URL. */
export function told(failure: Failure, url: string): string {
  const { code, message } = failure;
  const said = OURS.includes(code) || message.includes(code) ? message : `${message}, ${code}`;
  const plain = plainly(failure, url);
  return plain === undefined ? said : `${plain} (${said})`;
}

const SECURE: Readonly<Record<string, string>> = { 'ws:': 'wss:', 'http:': 'https:', 'redis:': 'rediss:' };
const PLAIN: Readonly<Record<string, string>> = { 'wss:': 'ws:', 'https:': 'http:', 'rediss:': 'redis:' };

/** Asks about the scheme of a URL, where a server ended a connection without a word: it may expect TLS, or not speak it. */
export function doubtOf(protocol: string): string {
  const meant = `is ${protocol}// meant to be ${SECURE[protocol] ?? PLAIN[protocol] ?? ''}//?`;
  return protocol in SECURE ? `: does it expect TLS, and ${meant}` : `: does it speak TLS, or ${meant}`;
}

const NAMED = 'SSL_CERT_FILE or NODE_EXTRA_CA_CERTS can name a file with';

/**
 * Says in plain words why there is no connection, and what may help. Repeats only the host of the URL and the lengths of
 * waits.
 *
 * @returns undefined for what is not known here
 */
export function plainly({ code, message }: Failure, url: string): string | undefined {
  // A redacted one need not be a URL any more.
  if (!URL.canParse(url)) return undefined;
  const { hostname, host, protocol } = new URL(url);
  const [, ms] = /within (\d+) ms/.exec(message) ?? [];
  const limit = `within ${Number(ms) / 1000} s`;
  const doubt = doubtOf(protocol);
  const certificate = `the certificate of ${hostname}`;
  const words: readonly (readonly [RegExp, string])[] = [
    [
      /ENOTFOUND|EAI_AGAIN/,
      `the name ${hostname} is not known: is it spelled right, and is there a network?`,
    ],
    [/ECONNREFUSED/, `nothing listens on ${host}`],
    [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/, `${host} cannot be reached from here`],
    [/no connection within/, `${host} did not take the connection ${limit}`],
    [
      /TLS handshake within/,
      `${host} took the connection and did not finish the TLS handshake ${limit}${doubt}`,
    ],
    [/no answer within/, `${host} took the connection and did not answer ${limit}`],
    [/\bTIMEOUT/, `${host} did not answer in time`],
    [/before secure TLS connection/, `${host} ended the connection during the TLS handshake${doubt}`],
    [/EXPECTS_TLS/, `${host} expects TLS: is ${protocol}// meant to be ${SECURE[protocol] ?? ''}//?`],
    [
      /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|ERR_SSL_HTTP_REQUEST/,
      `${host} does not speak TLS: is ${protocol}// meant to be ${PLAIN[protocol] ?? ''}//?`,
    ],
    [
      /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
      `${host} offers no version of TLS that can be used: expected 1.2 or 1.3`,
    ],
    [
      /CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE/,
      `${host} asks clients for a certificate of their own, and none can be given`,
    ],
    [/UNRECOGNIZED_NAME/, `${host} has no certificate for ${hostname}`],
    [
      /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER/,
      `${certificate} is not signed by an authority that this machine trusts: ${NAMED} the certificate of that authority`,
    ],
    [/SELF_SIGNED/, `${certificate} is self-signed: ${NAMED} it, as trusted`],
    [
      /UNABLE_TO_VERIFY_LEAF/,
      `${certificate} is not signed by an authority that this machine trusts, or the server does not send the certificates in between: ${NAMED} them`,
    ],
    [
      /CERT_HAS_EXPIRED/,
      `${certificate} has expired, so the server needs a new one (unless the clock of this machine is wrong)`,
    ],
    [/CERT_NOT_YET_VALID/, `${certificate} is not valid yet: is the clock of this machine right?`],
    [
      /ALTNAME|HOSTNAME_MISMATCH/,
      `the certificate is for a name other than ${hostname}: use one that it is for, or give the server one for this name`,
    ],
    [/CERT_REVOKED/, `${certificate} has been revoked, so the server needs a new one`],
    [/CERT|INVALID_CA|INVALID_PURPOSE|too weak|too small/, `${certificate} is not accepted`],
    [/ERR_SSL_.*ALERT/, `${host} refused the TLS handshake`],
    [/EPROTO|ERR_SSL/, `the TLS handshake with ${host} failed`],
    [
      /hang up|ECONNRESET|EPIPE|closed unexpectedly/,
      `${host} ended the connection instead of answering${protocol in SECURE ? doubt : ''}`,
    ],
    [/HPE_/, `what ${host} answers is not HTTP`],
  ];
  return words.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1];
}
