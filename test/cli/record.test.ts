import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { readTrace } from '../../src/wire/trace-file.ts';
import { connect } from '../support/clients/client.ts';
import { folder } from '../support/programs/folder.ts';
import { hosted } from '../support/programs/hosted.ts';
import { certificate } from '../support/servers/certificates.ts';
import { understudy, type Program } from '../support/programs/program.ts';

async function listening(program: Program): Promise<{ url: string; api: string; upstream: string }> {
  const { event, ...told } = JSON.parse(await program.line()) as {
    event: string;
    url: string;
    api: string;
    upstream: string;
  };
  expect(event).toBe('listening');
  return told;
}

async function converse(url: string): Promise<void> {
  await using client = connect(`${url}/v2/realtime?token=s3cret-1`);
  await client.open;
  client.send({ action: 'start' });
  await client.next(({ text }) => text.includes('listening'));
  client.send({ action: 'stop' });
  expect((await client.closed).code).toBe(1000);
}

describe('understudy record', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('writes a trace until %s, and exits with 0', async (signal) => {
    await using fake = await startMockServer();
    await using files = await folder();
    const out = files.path('trace.ndjson');
    await using program = understudy([
      'record',
      '--upstream',
      fake.urls.url,
      '--out',
      out,
      '--port',
      '0',
      '--json',
    ]);
    const { url, api } = await listening(program);
    await converse(url);
    await fetch(`${api}/api/v4/realtime/status`, { headers: { 'x-zoom-s2t-key': 's3cret-1' } });
    await program.said(/"event":"response","session":"s2","status":200/);
    program.signal(signal);

    expect(await program.exit).toEqual({ code: 0, signal: null });

    const text = await readFile(out, 'utf8');
    const { header, events, faults } = readTrace(text, out);
    expect(header.tool).toMatch(/^understudy \d/);
    expect(faults).toEqual([]);
    expect(events[0]).toMatchObject({
      session: 's1',
      kind: 'request',
      target: '/v2/realtime?token=redacted-1',
    });
    expect(events.some((event) => event.kind === 'end' && event.how === 'close' && event.code === 1000)).toBe(
      true,
    );
    expect(events.at(-1)).toMatchObject({ session: 's2', kind: 'response', status: 200 });
    expect(text + program.stdout + program.stderr).not.toContain('s3cret-1');

    const told = program.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(told.slice(1)).toEqual([
      { event: 'request', session: 's1', method: 'GET', path: '/v2/realtime' },
      { event: 'response', session: 's1', status: 101 },
      { event: 'end', session: 's1', how: 'close', code: 1000 },
      { event: 'request', session: 's2', method: 'GET', path: '/api/v4/realtime/status' },
      { event: 'response', session: 's2', status: 200 },
      { event: 'stopped', out, events: events.length },
    ]);
  });

  it('prints for people where to connect, and what happens', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const upstream = fake.urls.url.replace('http', 'ws');
    await using program = understudy([
      'record',
      '--upstream',
      upstream,
      '--out',
      files.path('a b.ndjson'),
      '--port',
      '0',
    ]);
    await program.said(/Ctrl-C/);

    expect(program.stdout).toContain(`Understudy records ${upstream}`);

    const [url = ''] = /ws:\/\/127\.0\.0\.1:\d+(?= instead)/.exec(program.stdout) ?? [];
    await converse(url);
    await program.said(/^s1 {2}GET \/v2\/realtime\ns1 {2}101\ns1 {2}ended {3}close, 1000$/m);
    program.signal('SIGINT');

    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.stdout).toMatch(/a b\.ndjson: \d+ events\n$/);
  });

  it('leaves a readable file when it is killed', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const out = files.path('trace.ndjson');
    await using program = understudy([
      'record',
      '--upstream',
      fake.urls.url,
      '--out',
      out,
      '--port',
      '0',
      '--json',
    ]);
    const { url } = await listening(program);
    await using client = connect(`${url}/v2/realtime?token=s3cret-1`);
    await client.open;
    client.send({ action: 'start' });
    await client.next(({ text }) => text.includes('listening'));
    program.signal('SIGKILL');
    await program.exit;
    const { events } = readTrace(await readFile(out, 'utf8'), out);

    expect(events.map(({ kind }) => kind)).toEqual(['request', 'response', 'text', 'text', 'text']);
    expect((await stat(out)).mode & 0o077).toBe(0);
  });

  it('keeps audio only when asked to', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    for (const flags of [[], ['--audio']]) {
      const out = files.path(`trace${flags.length}.ndjson`);
      await using program = understudy([
        'record',
        '--upstream',
        fake.urls.url,
        '--out',
        out,
        '--port',
        '0',
        '--json',
        ...flags,
      ]);
      const { url } = await listening(program);
      await using client = connect(`${url}/v1/speech-to-text/realtime`, {
        headers: { authorization: 'ApiKey s3cret-1' },
      });
      await client.open;

      // Samples, as the bytes of a short binary message that is text are kept: it may be a command of the wrong kind.
      const samples = Buffer.from([0, 128, 255, 127, 1, 0, 254, 255, 12, 3]);
      client.send(samples);
      client.close();
      await client.closed;
      await program.said(/"event":"end"/);
      program.signal('SIGTERM');
      await program.exit;

      const binary = readTrace(await readFile(out, 'utf8')).events.find(({ kind }) => kind === 'binary');
      const base64 = samples.toString('base64');
      expect(binary).toMatchObject({ byteCount: 10, ...(flags.length > 0 && { base64 }) });
      expect('base64' in (binary ?? {})).toBe(flags.length > 0);
    }
  });

  // Only the first was followed here, and only the second elsewhere.
  it.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('trusts the certificates that %s names', async (name) => {
    const made = await certificate();
    await using files = await folder();
    await writeFile(files.path('ca.pem'), made.cert);
    await using fake = await startMockServer({ tls: made });
    const upstream = fake.urls.url.replace('https', 'wss');
    await using program = understudy(
      ['record', '--upstream', upstream, '--out', files.path('trace.ndjson'), '--port', '0', '--json'],
      { ...process.env, [name]: files.path('ca.pem') },
    );
    const { url } = await listening(program);
    await converse(url);
  });
});

// The reason was known to the client only.
it('says why a service gave no answer, and that a client began with TLS', async () => {
  await using files = await folder();
  await using fake = await startMockServer({ tls: true });
  const upstream = fake.urls.url.replace('https', 'wss');
  const flags = ['record', '--upstream', upstream, '--out', files.path('trace.ndjson'), '--port', '0'];
  await using program = understudy([...flags, '--json']);
  const { url, api } = await listening(program);
  await using client = connect(`${url}/x?token=s3cret-1`);
  await client.closed;
  await program.said(
    /"event":"response","session":"s1","status":502,"reason":"Understudy got no answer from/,
  );

  await fetch(api.replace('http:', 'https:')).catch(() => undefined);
  await program.said(/"event":"wrong-scheme","began":"tls"/);
  expect(program.stdout + program.stderr).not.toContain('s3cret');
});

describe('a mistake is reported with what was expected, and exit code 2', () => {
  // A port from UNDERSTUDY_PORT was called --port.
  it('with the variable that it is in', async () => {
    await using taken = await startMockServer();
    const { port } = new URL(taken.urls.url);
    await using files = await folder();
    const flags = ['record', '--upstream', 'ws://127.0.0.1:1', '--out', files.path('x.ndjson')];
    const { code, stderr } = await hosted(flags, { PATH: process.env['PATH'], UNDERSTUDY_PORT: port });

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `UNDERSTUDY_PORT ${port}: the port is in use; --port 0 takes a free one\n`,
    });
  });

  it.each([
    ['--out x', ['--out', 'x'], /--upstream: expected/],
    ['--upstream ws://127.0.0.1:1', ['--upstream', 'ws://127.0.0.1:1'], /--out: expected a file/],
    [
      '--upstream ftp://h --out x',
      ['--upstream', 'ftp://h', '--out', 'x'],
      /--upstream: expected scheme and host/,
    ],
    [
      '--upstream api.example.com --out x',
      ['--upstream', 'api.example.com', '--out', 'x'],
      /--upstream: expected scheme and host/,
    ],
    [
      '--upstream ws://127.0.0.1: --out x',
      ['--upstream', 'ws://127.0.0.1:', '--out', 'x'],
      /--upstream: expected .*; there is a colon without a port/,
    ],
    [
      '--upstream ws://127.0.0.1:/ --out x',
      ['--upstream', 'ws://127.0.0.1:/', '--out', 'x'],
      /--upstream: expected .*; there is a colon without a port/,
    ],
    [
      '--upstream ws://[::1]: --out x',
      ['--upstream', 'ws://[::1]:', '--out', 'x'],
      /--upstream: expected .*; there is a colon without a port/,
    ],
    [
      '--upstream ws://127.0.0.1:0 --out x',
      ['--upstream', 'ws://127.0.0.1:0', '--out', 'x'],
      /--upstream: expected .*; port 0 cannot be connected to/,
    ],
    [
      '--upstream ws://127.0.0.1:99999 --out x',
      ['--upstream', 'ws://127.0.0.1:99999', '--out', 'x'],
      /--upstream: expected scheme and host/,
    ],
    [
      '--upstream wss://h --api-upstream https://h: --out x',
      ['--upstream', 'wss://h', '--api-upstream', 'https://h:', '--out', 'x'],
      /--api-upstream: expected .*colon/,
    ],
    [
      '--upstream wss://s3cret-1@h --out x',
      ['--upstream', 'wss://s3cret-1@h', '--out', 'x'],
      /--upstream: expected .* and nothing else/,
    ],
    [
      '--upstream wss://h/v2?token=s3cret-1 --out x',
      ['--upstream', 'wss://h/v2?token=s3cret-1', '--out', 'x'],
      /--upstream: expected .* and nothing else/,
    ],
    [
      '--upstream wss://h --api-upstream x --out x',
      ['--upstream', 'wss://h', '--api-upstream', 'x', '--out', 'x'],
      /--api-upstream: expected/,
    ],
    [
      '--upstream wss://h --upstream wss://i --out x',
      ['--upstream', 'wss://h', '--upstream', 'wss://i', '--out', 'x'],
      /--upstream: given 2 times/,
    ],
    [
      '--upstream wss://h --out x --port 65536',
      ['--upstream', 'wss://h', '--out', 'x', '--port', '65536'],
      /--port: expected .* from 0 to 65535/,
    ],
    [
      '--upstream wss://h --out x --port a',
      ['--upstream', 'wss://h', '--out', 'x', '--port', 'a'],
      /--port: expected a number/,
    ],
    [
      '--upstream wss://h --out x --host ""',
      ['--upstream', 'wss://h', '--out', 'x', '--host', ''],
      /--host: expected an address/,
    ],
    [
      '--upstream wss://h --out x --host 203.0.113.7',
      ['--upstream', 'wss://h', '--out', 'x', '--host', '203.0.113.7'],
      /--host 203\.0\.113\.7: this machine has no such/,
    ],
    [
      '--upstream wss://h --out no-such-folder/x --port 0',
      ['--upstream', 'wss://h', '--out', 'no-such-folder/x', '--port', '0'],
      /--out no-such-folder\/x: cannot be made: there is no such file or folder \(ENOENT\)/,
    ],
    ['--upstream', ['--upstream'], /--upstream: expected a value/],
    ['--uptream x', ['--uptream', 'x'], /Did you mean --upstream/],
    ['left-over', ['left-over'], /left-over/],
  ])('record %s', async (_what, flags, expected) => {
    const { code, stdout, stderr } = await hosted(['record', ...flags]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/s3cret|^\s+at /m);
  });

  it('a file is not replaced when the port is in use, nor without --force', async () => {
    await using files = await folder();
    const out = files.path('trace.ndjson');
    await writeFile(out, 'precious');
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const port = String((taken.address() as AddressInfo).port);
    const flags = ['record', '--upstream', 'ws://127.0.0.1:1', '--out', out];
    {
      await using program = understudy([...flags, '--force', '--port', port]);
      expect((await program.exit).code).toBe(2);
      expect(program.stderr).toContain(`--port ${port}: the port is in use`);
    }
    await new Promise((resolve) => taken.close(resolve));
    {
      await using program = understudy([...flags, '--port', '0']);
      expect((await program.exit).code).toBe(2);
      expect(program.stderr).toContain(`--out ${out}: already exists; --force replaces it`);
    }

    expect(await readFile(out, 'utf8')).toBe('precious');

    await using program = understudy([...flags, '--port', '0', '--force']);
    await program.said(/Ctrl-C/);
    expect(readTrace(await readFile(out, 'utf8')).events).toEqual([]);
  });

  it('a full disk ends the recording', async () => {
    await using fake = await startMockServer();
    await using program = understudy([
      'record',
      '--upstream',
      fake.urls.url,
      '--out',
      '/dev/full',
      '--force',
      '--port',
      '0',
    ]);

    expect((await program.exit).code).toBe(2);
    expect(program.stderr).toMatch(
      /^--out \/dev\/full: can no longer be written: the disk is full \(ENOSPC\)$/m,
    );
  });
});
