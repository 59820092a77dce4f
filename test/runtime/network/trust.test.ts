import { get } from 'node:https';
import type { SecureContext } from 'node:tls';
import { writeFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { trusted } from '../../../src/runtime/network/trust.ts';
import { folder } from '../../support/programs/folder.ts';
import { certificate, secureServer, type SecureServer } from '../../support/servers/certificates.ts';

function statusOf({ host }: SecureServer, secureContext: SecureContext): Promise<number | string> {
  const [name, port] = host.split(':');
  return new Promise((resolve) => {
    // Node.js passes it on to TLS; its types do not say so.
    const trust = { secureContext };
    get({ host: name, port, agent: false, ...trust }, (response) =>
      resolve(response.resume().statusCode ?? 0),
    ).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

it('the certificates that either variable names are trusted, and those of both', async () => {
  const [a, b] = await Promise.all([certificate({ subject: 'a' }), certificate({ subject: 'b' })]);
  await using files = await folder();
  await Promise.all([
    writeFile(files.path('a.pem'), a.cert),
    writeFile(files.path('b.pem'), `# b\n${b.cert}`),
  ]);
  const SSL_CERT_FILE = files.path('a.pem');
  const NODE_EXTRA_CA_CERTS = files.path('b.pem');
  await using serverA = await secureServer(a);
  await using serverB = await secureServer(b);
  const both = async (env: NodeJS.ProcessEnv) => [
    await statusOf(serverA, trusted(env)),
    await statusOf(serverB, trusted(env)),
  ];
  const no = 'DEPTH_ZERO_SELF_SIGNED_CERT';

  expect(await both({})).toEqual([no, no]);
  expect(await both({ SSL_CERT_FILE })).toEqual([404, no]);
  expect(await both({ NODE_EXTRA_CA_CERTS })).toEqual([no, 404]);
  expect(await both({ SSL_CERT_FILE, NODE_EXTRA_CA_CERTS })).toEqual([404, 404]);
  // An empty variable counts as absent.
  expect(await both({ SSL_CERT_FILE: '', NODE_EXTRA_CA_CERTS: '' })).toEqual([no, no]);
});

// It took 60 ms of processor time for each connection.
it('what is trusted is read once', () => {
  expect(trusted({})).toBe(trusted({}));
});

// Such a file was passed over, and nothing was trusted but what Node.js trusts.
it('a file that names no certificates is a mistake in one variable, and worth a warning in the other', async () => {
  const { cert, key } = await certificate();
  await using files = await folder();
  const der = Buffer.from(cert.replace(/-----.*-----|\s/g, ''), 'base64');
  const expected = 'expected a file with certificates in PEM';
  const cases: readonly (readonly [name: string, content: string | Buffer | undefined, what: string])[] = [
    ['missing', undefined, `cannot be read: there is no such file or folder (ENOENT); ${expected}`],
    ['empty', '\n', `${expected}, got nothing`],
    ['text', 'hello', `${expected}, got something else`],
    ['key', key, `${expected}, got ${/BEGIN ([A-Z ]+)-/.exec(key)?.[1] ?? ''}`],
    ['der', der, `${expected}, got DER`],
    ['half', `${cert}\n${cert.slice(0, 300)}`, `${expected}; number 2 in it is damaged (bad end line)`],
  ];
  for (const [name, content, what] of cases) {
    const file = files.path(name);
    if (content !== undefined) await writeFile(file, content);
    expect(() => trusted({ SSL_CERT_FILE: file })).toThrow(`SSL_CERT_FILE: ${file}: ${what}`);

    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    trusted({ NODE_EXTRA_CA_CERTS: file });
    expect(warn.mock.calls).toEqual([[`NODE_EXTRA_CA_CERTS: ${file}: ${what}`]]);
    warn.mockRestore();
  }
});
