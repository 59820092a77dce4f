import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerUrls } from '../../../src/mock-server/addresses.ts';
import { fixture } from '../../support/audio.ts';
import { connect, type TestClient } from '../../support/clients/client.ts';
import { hosted } from '../../support/programs/hosted.ts';
import { serve, understudy } from '../../support/programs/program.ts';

/** Each of these is a secret that no output may contain. */
const SECRET = /classified/;

/** A host that never delivers audio, so that stream mode has something to report. */
let host: Server;
let hostUrl: string;
beforeAll(async () => {
  host = createServer((request, response) => {
    const moved = request.url?.startsWith('/moved') === true;
    response.writeHead(moved ? 302 : 404, moved ? { location: '/gone?sig=classified-location' } : {}).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => host.once('listening', resolve));
  hostUrl = `127.0.0.1:${(host.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => host.close(resolve)));

type Ending = (client: TestClient) => Promise<unknown>;
const isRefused: Ending = (client) => client.refused;
const isToldWhy: Ending = async (client) => {
  await client.next(({ text }) => text.includes('error'));
  await client.closed;
};
const talks: Ending = async (client) => {
  await client.open;
  client.send({ action: 'start', key: 'classified-message' });
  await client.sendAudio(fixture('en-appointment.wav').pcm);
  client.send({ action: 'stop' });
  await client.closed;
};
const flushes: Ending = async (client) => {
  await client.open;
  client.send({ type: 'flush_request', id: 'end' });
  await client.next(({ text }) => text.includes('flush_confirmation'));
  client.close();
  await client.closed;
};

interface Visit {
  readonly url: string;
  readonly options?: Parameters<typeof connect>[1];
  readonly ends: Ending;
}

/** Connections of every kind, with a secret in every place that can hold one. */
function visits({ scriptix, reson8 }: ServerUrls): readonly Visit[] {
  const { realtime } = scriptix;
  const stream = (token: string, source: string) =>
    `${scriptix.stream.replace('{token}', token)}?url=${encodeURIComponent(source)}`;
  return [
    { url: `${realtime}?token=classified-query`, ends: talks },
    ...['x-zoom-s2t-key', 'x-api-key', 'api-key'].map((name) => ({
      url: realtime,
      options: { headers: { [name]: 'classified-header' } },
      ends: talks,
    })),
    { url: `${realtime}?token=classified-unknown`, ends: isRefused },
    { url: `${realtime}?token=classified-query&type=slow`, ends: isRefused },
    { url: `${realtime}/elsewhere?token=classified-query`, ends: isRefused },
    {
      url: reson8.realtime,
      options: { headers: { authorization: 'ApiKey classified-header' } },
      ends: flushes,
    },
    { url: reson8.realtime, options: { protocols: ['bearer', 'classified-subprotocol'] }, ends: flushes },
    { url: reson8.realtime, options: { protocols: ['bearer', 'classified-unknown'] }, ends: isRefused },
    { url: reson8.realtime, options: { headers: { authorization: 'Basic classified' } }, ends: isRefused },
    {
      url: `${reson8.realtime}?channels=none`,
      options: { headers: { authorization: 'Bearer classified-header' } },
      ends: isRefused,
    },
    {
      url: stream('classified-path', `http://${hostUrl}/talk.mp3?sig=classified-signature`),
      ends: isToldWhy,
    },
    {
      url: stream(
        'classified-path',
        `http://me:classified-password@${hostUrl}/moved?sig=classified-signature`,
      ),
      ends: isToldWhy,
    },
    { url: stream('classified-path', `classified-password@${hostUrl}/a.mp3`), ends: isToldWhy },
    { url: stream('classified-unknown', `http://${hostUrl}/talk.mp3`), ends: isToldWhy },
  ];
}

const KEYS = ['query', 'header', 'subprotocol', 'path'].flatMap((name) => ['--key', `classified-${name}`]);

async function visit({ url, options, ends }: Visit): Promise<void> {
  await using client = connect(url, options);
  await ends(client);
  // The answers to the client must not contain it either.
  for (const { text } of client.messages) expect(text).not.toMatch(SECRET);
}

describe('serve prints no secret, whether a client is accepted, refused, or gets an error', () => {
  it('with --json', async () => {
    await using fake = await serve(...KEYS);
    const all = visits(fake.urls);
    await Promise.all(all.map(visit));
    await askRest(fake.urls);
    fake.program.signal('SIGTERM');
    await fake.program.exit;
    const events = fake.program.stdout.match(/"event":"(session-open|refused)"/g) ?? [];

    expect(events).toHaveLength(all.length);
    expect(fake.program.stdout).toMatch(/"event":"session-error"/);
    expect(fake.program.stdout).not.toMatch(SECRET);
    expect(fake.program.stderr).toBe('');
  });

  it('as text', async () => {
    await using program = understudy(['serve', '--port', '0', ...KEYS]);
    await program.said(/Ctrl-C stops it/);
    const [url = ''] = /http:\/\/\S+/.exec(program.stdout) ?? [];
    const greeting = program.stdout;
    const ws = url.replace('http', 'ws');
    const urls: ServerUrls = {
      url,
      scriptix: {
        realtime: `${ws}/v2/realtime`,
        stream: `${ws}/v2/client/{token}`,
        api: `${url}/api/v4/realtime`,
      },
      reson8: {
        realtime: `${ws}/v1/speech-to-text/realtime`,
        turns: `${ws}/v1/speech-to-text/turns`,
        api: `${url}/v1`,
        token: `${url}/v1/auth/token`,
        prerecorded: `${url}/v1/speech-to-text/prerecorded`,
      },
      control: `${url}/__understudy`,
    };
    const all = visits(urls);
    await Promise.all(all.map(visit));
    await askRest(urls);
    program.signal('SIGTERM');
    await program.exit;

    expect(program.stderr.match(/ open | refused /g)).toHaveLength(all.length);
    expect(program.stderr).toMatch(/ error /);
    expect(program.stderr).not.toMatch(SECRET);
    expect(program.stdout).toBe(greeting);
  });
});

async function askRest({ scriptix }: ServerUrls): Promise<void> {
  for (const key of ['classified-header', 'classified-unknown']) {
    for (const [method, path] of [
      ['GET', 'status'],
      ['POST', 'initialize'],
      ['DELETE', 'status'],
      ['GET', `nothing?key=${key}`],
    ] as const) {
      const answer = await fetch(`${scriptix.api}/${path}`, { method, headers: { 'x-zoom-s2t-key': key } });
      expect(await answer.text()).not.toMatch(SECRET);
    }
  }
}

describe('standard output and standard error', () => {
  it('with --json standard output has one JSON object per line, and standard error is empty', async () => {
    await using fake = await serve();
    await using client = connect(`${fake.urls.scriptix.realtime}?token=any&language=en`);
    await talks(client);
    await using refused = connect(`${fake.urls.scriptix.realtime}?token=invalid-key`);
    await refused.refused;
    fake.program.signal('SIGTERM');
    await fake.program.exit;
    const { stdout, stderr } = fake.program;

    expect(stdout.endsWith('\n')).toBe(true);

    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const { pcm } = fixture('en-appointment.wav');
    // The fake hears in windows of 20 ms.
    const audioMs = Math.floor(pcm.length / 32 / 20) * 20;
    expect(events).toMatchObject([
      { event: 'listening' },
      { event: 'session-open', id: 's1', life: 'scriptix-microphone', language: 'en' },
      {
        event: 'session-close',
        id: 's1',
        code: 1000,
        audioMs,
        results: client.values.filter((value) => 'is_final' in (value as object)).length,
      },
      {
        event: 'refused',
        method: 'GET',
        path: '/v2/realtime',
        status: 401,
        body: { detail: 'Not authenticated' },
      },
      { event: 'usage', total: { audioSeconds: audioMs / 1000, sessions: 1 } },
    ]);
    expect(stderr).toBe('');
  });

  it('a reader that leaves after the first line, like head, does not end the command', async () => {
    await using fake = await serve();
    fake.program.leave();
    for (let i = 0; i < 3; i++) {
      await using client = connect(fake.urls.reson8.realtime, { headers: { authorization: 'ApiKey any' } });
      await flushes(client);
    }
    fake.program.signal('SIGTERM');

    expect(await fake.program.exit).toEqual({ code: 0, signal: null });
    expect(fake.program.stderr).toBe('');
  });

  it('what a client sends cannot write to the terminal', async () => {
    await using program = understudy(['serve', '--port', '0']);
    await program.said(/Ctrl-C stops it/);
    const [url = ''] = /ws:\S+realtime$/m.exec(program.stdout) ?? [];
    const language = encodeURIComponent('\u001b[2J\u0007\r\ns9  forged');
    await using client = connect(`${url}?language=${language}`, { headers: { authorization: 'ApiKey any' } });
    await client.open;
    client.send('{"type":"\\u001b[2J\\nforged"}');
    await client.closed;
    await program.said(/closed/);

    expect(program.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(program.stderr).not.toMatch(/^s9|^forged/m);
  });

  it.each(['serve', 'demo'])('%s writes no colours when it writes to no terminal', async (command) => {
    const flags = command === 'serve' ? ['--port', '0'] : [];
    await using program = understudy([command, ...flags]);
    await program.said(/ws:/);

    expect(program.stdout + program.stderr).not.toContain('\u001b');
  });

  it('serve writes colours without a terminal when FORCE_COLOR asks for them', async () => {
    await using program = understudy(['serve', '--port', '0'], { ...process.env, FORCE_COLOR: '1' });
    await program.said(/ws:/);
    expect(program.stdout).toContain('\u001b[1mhttp://');
  });
});

describe('help', () => {
  const helpOf = async (command: string, columns: number | undefined) => {
    const env = { ...process.env, FORCE_COLOR: undefined, COLUMNS: columns?.toString() };
    const { code, stdout } = await hosted([...command.split(' ').filter(Boolean), '--help'], env);
    expect(code).toBe(0);
    return stdout;
  };

  it.each(['serve', 'record', 'conformance', 'conformance server', 'conformance client', 'scenario list'])(
    'of %s fits into 80 and 120 columns and breaks no word',
    async (command) => {
      // Where a text fills its line, yargs puts the type directly behind it.
      const wordsOf = (text: string) =>
        text
          .split(/\s+|(?=\[)/)
          .filter((word) => word !== '')
          .sort();
      const whole = wordsOf(await helpOf(command, undefined));
      for (const columns of [80, 120]) {
        const text = await helpOf(command, columns);
        expect(wordsOf(text)).toEqual(whole);
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
      }
    },
  );

  it('of conformance lists all of its commands', async () => {
    const [, line = ''] = /^ +understudy conformance +(.*)$/m.exec(await helpOf('', undefined)) ?? [];
    for (const name of ['server', 'client', 'trace', 'diff', 'list']) expect(line).toContain(name);
  });
});
