import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connect } from '../support/clients/client.ts';
import { hosted } from '../support/programs/hosted.ts';
import { certificate, secureServer } from '../support/servers/certificates.ts';
import { TRUST_TOLD } from '../../src/cli/environment.ts';
import { serve, understudy } from '../support/programs/program.ts';

const KEY = { 'x-zoom-s2t-key': 'any' };

function get(url: string, options: RequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      response.setEncoding('utf8');
      let body = '';
      response.on('data', (text: string) => (body += text));
      response.on('end', () => resolve(JSON.parse(body)));
    })
      .on('error', reject)
      .end();
  });
}

it('--tls serves wss and https with a certificate of its own', async () => {
  await using fake = await serve('--tls');
  const { url, scriptix, reson8 } = fake.urls;
  expect([url, scriptix.api].every((text) => text.startsWith('https://'))).toBe(true);
  expect(
    [scriptix.realtime, scriptix.stream, reson8.realtime].every((text) => text.startsWith('wss://')),
  ).toBe(true);

  await using client = connect(scriptix.realtime, { headers: KEY, rejectUnauthorized: false });
  await client.open;
  client.send({ action: 'start' });
  await client.next(({ text }) => text === '{"state":"listening"}');
  client.send({ action: 'stop' });

  expect((await client.closed).code).toBe(1000);

  const status = await get(`${scriptix.api}/status`, { headers: KEY, rejectUnauthorized: false });
  expect(status).toMatchObject({ ready: true, endpoint: scriptix.realtime });
});

it('a client that does not trust the new certificate cannot connect', async () => {
  await using fake = await serve('--tls');
  await using client = connect(fake.urls.scriptix.realtime, { headers: KEY });
  await client.closed;

  expect(client.errors.map(({ message }) => message).join()).toMatch(/self.signed/);
});

it('--cert and --key-file serve with that certificate, and refuse a key that does not match it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-'));
  try {
    const [ours, other] = await Promise.all([certificate(), certificate()]);
    const [cert, key, foreign] = ['cert.pem', 'key.pem', 'foreign.pem'].map((name) => join(folder, name));
    if (cert === undefined || key === undefined || foreign === undefined) throw new Error('three names');
    await Promise.all([writeFile(cert, ours.cert), writeFile(key, ours.key), writeFile(foreign, other.key)]);
    await using fake = await serve('--cert', cert, '--key-file', key);
    const { api } = fake.urls.scriptix;
    const url = `${api.replace('127.0.0.1', 'localhost')}/status`;
    const status = await get(url, { headers: KEY, ca: ours.cert, family: 4 });
    expect(status).toMatchObject({ ready: true });
    await expect(get(url, { headers: KEY, ca: other.cert, family: 4 })).rejects.toThrow();

    await using wrong = understudy(['serve', '--port', '0', '--cert', cert, '--key-file', foreign]);
    expect(await wrong.exit).toEqual({ code: 2, signal: null });
    expect(wrong.stderr).toMatch(/^--key-file: this key does not belong to the certificate\n$/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

// A file that was missing or no PEM was passed over, so that the server was called untrusted.
it.each([
  ['conformance', 'server', '--dialect', 'reson8', '--url', 'wss://127.0.0.1:1'],
  [
    ...['conformance', 'server', '--dialect', 'scriptix', '--url', 'ws://127.0.0.1:1'],
    ...['--api-url', 'https://127.0.0.1:1'],
  ],
  ['load', '--dialect', 'reson8', '--url', 'wss://127.0.0.1:1', '--for', '1s'],
  ['record', '--upstream', 'wss://127.0.0.1:1', '--out', 'never-written.ndjson', '--port', '0'],
  ['serve', '--port', '0', '--allow-url', 'files.example'],
  ['serve', '--port', '0', '--state', 'rediss://127.0.0.1:1'],
])('%s with a wrong SSL_CERT_FILE ends with 2', async (...args) => {
  const env = { PATH: process.env['PATH'], SSL_CERT_FILE: '/no-such.pem' };
  const { code, stderr } = await hosted(args, env);

  expect(stderr).toContain(
    'SSL_CERT_FILE: /no-such.pem: cannot be read: there is no such file or folder (ENOENT); expected a file with certificates in PEM\n',
  );
  expect(code).toBe(2);
});

it('the help of each command that connects says what is trusted', async () => {
  for (const args of [['conformance', 'server'], ['load'], ['record'], ['serve']]) {
    const { stdout } = await hosted([...args, '--help']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(TRUST_TOLD);
  }
});

it('--state says why a Redis with TLS is not trusted', async () => {
  await using server = await secureServer(await certificate());
  const { code, stderr } = await hosted([
    'serve',
    '--port',
    '0',
    '--state',
    `rediss://u:s3cret@${server.host}`,
  ]);

  expect(stderr).toBe(
    '--state: The state in Redis cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT): the certificate of 127.0.0.1 is self-signed: SSL_CERT_FILE or NODE_EXTRA_CA_CERTS can name a file with it, as trusted\n',
  );
  expect(code).toBe(2);

  // What the library of Redis says of it has no code.
  const plain = await hosted(['serve', '--port', '0', '--state', `redis://${server.host}`]);
  expect(plain.stderr).toContain('does it expect TLS, and is redis:// meant to be rediss://?\n');
});
