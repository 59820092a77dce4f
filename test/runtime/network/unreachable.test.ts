import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { describe, expect, it } from 'vitest';
import { failureOf, isForTls, plainly, told } from '../../../src/runtime/network/unreachable.ts';
import { certificate, FUTURE_MS, PAST_MS, secureServer } from '../../support/servers/certificates.ts';
import { startTcp } from '../../support/servers/tcp.ts';

/** What is said of a request to a server that fails. */
function failing(scheme: 'ws' | 'wss', host: string, ca?: string): Promise<{ code: string; plain: string }> {
  const [name, port] = host.split(':');
  const options = {
    host: name,
    port,
    agent: false,
    headers: { connection: 'Upgrade', upgrade: 'websocket' },
  };
  return new Promise((resolve, reject) => {
    const request =
      scheme === 'ws'
        ? httpRequest(options)
        : httpsRequest({ ...options, ...(ca === undefined ? {} : { ca }) });
    request.on('response', () => reject(new Error('it was answered')));
    request.on('error', (error) => {
      const failure = failureOf(error);
      const plain = plainly(failure, `${scheme}://${host}`) ?? '';
      expect(told(failure, `${scheme}://${host}`)).toMatch(/^[^\n]*\.?[^\n]* \([^\n]+\)$/);
      // Where in the source of OpenSSL something was found is of no use.
      expect(failure.message).not.toMatch(/routines|\.c:|\n|try running/);
      resolve({ code: failure.code, plain });
    });
    request.end();
  });
}

describe('what is said of a certificate', () => {
  const past = certificate({ fromMs: PAST_MS });
  const future = certificate({ fromMs: FUTURE_MS });
  const other = certificate({ name: 'other.example' });
  it.each([
    [
      'unknown and self-signed',
      certificate(),
      false,
      'is self-signed: SSL_CERT_FILE or NODE_EXTRA_CA_CERTS can',
    ],
    // The two variables were named for these, too, and would not have helped.
    ['that has expired', past, true, 'has expired, so the server needs a new one'],
    ['that is not valid yet', future, true, 'is not valid yet: is the clock of this machine right?'],
    ['for another name', other, true, 'is for a name other than 127.0.0.1: use one that it is for'],
  ])('%s', async (_what, making, isTrusted, said) => {
    const pair = await making;
    await using server = await secureServer(pair);
    const { plain } = await failing('wss', server.host, isTrusted ? pair.cert : undefined);

    expect(plain).toContain(said);
    expect(plain.includes('SSL_CERT_FILE')).toBe(!isTrusted);
  });

  it.each([
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      /an authority that this machine trusts: SSL_CERT_FILE or .* of that authority/,
    ],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /an authority that this machine trusts: SSL_CERT_FILE or/],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      /or the server does not send the certificates in between: SSL_CERT_FILE/,
    ],
    ['CERT_REVOKED', /has been revoked/],
    ['CERT_SIGNATURE_FAILURE', /is not accepted/],
  ])('with the code %s', (code, said) => {
    expect(plainly({ code, message: '' }, 'wss://a.example:9')).toMatch(said);
  });
});

describe('what is said of a protocol', () => {
  // All errors of TLS were called a server that does not speak it.
  it('of which a server has only old versions, or which needs a certificate of the client', async () => {
    const pair = await certificate();
    await using old = await secureServer({
      ...pair,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(await failing('wss', old.host, pair.cert)).toEqual({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      plain: `${old.host} offers no version of TLS that can be used: expected 1.2 or 1.3`,
    });

    await using mutual = await secureServer({ ...pair, requestCert: true, ca: pair.cert });
    const { plain } = await failing('wss', mutual.host, pair.cert);
    expect(plain).toContain('asks clients for a certificate of their own');
  });

  it.each([
    ['wss', 'SSH-2.0-OpenSSH\r\n', 'does not speak TLS: is wss:// meant to be ws://?'],
    ['wss', '', 'during the TLS handshake: does it speak TLS, or is wss:// meant to be ws://?'],
    ['ws', '\x15\x03\x01\x00\x02\x02\x46', 'expects TLS: is ws:// meant to be wss://?'],
    ['ws', '', 'instead of answering: does it expect TLS, and is ws:// meant to be wss://?'],
  ] as const)('that %s:// is not: a server that says %j', async (scheme, says, said) => {
    await using server = await startTcp((socket) => {
      socket.once('data', () => socket.end(Buffer.from(says, 'latin1')));
    });
    expect((await failing(scheme, server.host)).plain).toContain(said);
  });

  it('that ws:// is not: a server with TLS, which says nothing', async () => {
    await using server = await secureServer(await certificate());
    expect((await failing('ws', server.host)).plain).toContain('is ws:// meant to be wss://?');
  });

  it.each([
    ['The plain HTTP request was sent to HTTPS port', true],
    ['Client sent an HTTP request to an HTTPS server.\n', true],
    ["Reason: You're speaking plain HTTP to an SSL-enabled server port.", true],
    ['Bad Request\nThis combination of host and port requires TLS.\n', true],
    ['encoding is missing', false],
  ])('an answer with 400 says so: %j', (body, isSo) => {
    expect(isForTls(400, body)).toBe(isSo);
    expect(isForTls(500, body)).toBe(false);
  });
});

it('the flag that Node.js 24 suggests for a certificate is not repeated', () => {
  const suggestion = 'if the root CA is installed locally, try running Node.js with --use-system-ca';
  const error = Object.assign(new Error(`self-signed certificate; ${suggestion}`), {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });

  expect(failureOf(error)).toEqual({ code: error.code, message: 'self-signed certificate' });
});

it('of a URL, only the host is repeated', () => {
  const url = 'wss://name:s3cret@a.example:9/path-s3cret?token=s3cret';
  for (const code of [
    'ECONNREFUSED',
    'EXPECTS_TLS',
    'CERT_HAS_EXPIRED',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'HPE_X',
  ]) {
    expect(plainly({ code, message: '' }, url)).toMatch(/^(?!.*s3cret).*a\.example/);
  }
});

it('what is not known is left to the words of the system', () => {
  expect(plainly({ code: 'ERROR', message: 'strange' }, 'wss://a.example')).toBeUndefined();
  expect(told({ code: 'ESTRANGE', message: 'strange' }, 'wss://a.example')).toBe('strange, ESTRANGE');
  // A report may have redacted it.
  expect(plainly({ code: 'ECONNREFUSED', message: '' }, 'redacted-1')).toBeUndefined();
});
