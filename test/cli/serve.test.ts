import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fixture } from '../support/audio.ts';
import { connect } from '../support/clients/client.ts';
import { serve, understudy, type ServedFake } from '../support/programs/program.ts';
import { closeCodeOf, openRaw } from '../support/clients/raw.ts';

const KEY = { headers: { authorization: 'ApiKey any' } };

describe('the address of serve', () => {
  it('with --json the first line has every address, and clients can connect to each', async () => {
    await using fake = await serve();
    const port = new URL(fake.urls.url).port;
    expect(fake.urls).toMatchObject({
      url: `http://127.0.0.1:${port}`,
      scriptix: {
        realtime: `ws://127.0.0.1:${port}/v2/realtime`,
        stream: `ws://127.0.0.1:${port}/v2/client/{token}`,
        api: `http://127.0.0.1:${port}/api/v4/realtime`,
      },
      reson8: {
        realtime: `ws://127.0.0.1:${port}/v1/speech-to-text/realtime`,
        turns: `ws://127.0.0.1:${port}/v1/speech-to-text/turns`,
        prerecorded: `http://127.0.0.1:${port}/v1/speech-to-text/prerecorded`,
      },
    });

    await using scriptix = connect(`${fake.urls.scriptix.realtime}?token=any`);
    await using reson8 = connect(fake.urls.reson8.realtime, KEY);
    await Promise.all([scriptix.open, reson8.open]);
    const status = await fetch(`${fake.urls.scriptix.api}/status`, { headers: { 'x-zoom-s2t-key': 'any' } });

    expect(status.status).toBe(200);
  });

  it('without --json the addresses are printed for people to copy', async () => {
    await using program = understudy(['serve', '--port', '0']);
    await program.said(/Ctrl-C stops it/);
    const addresses = program.stdout.match(/(http|ws):\/\/127\.0\.0\.1:\d+\/v[^\s?{]+/g) ?? [];

    expect(addresses).toHaveLength(5);

    await using client = connect(addresses.findLast((address) => address.startsWith('ws:')) ?? '', KEY);
    await client.open;
    expect(program.stderr).not.toContain('Error');
  });

  it('a port in use is reported in one line that names --port 0, without a stack', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => other.once('listening', resolve));
      const { port } = other.address() as AddressInfo;
      await using program = understudy(['serve', '--port', String(port)]);
      expect(await program.exit).toEqual({ code: 2, signal: null });
      expect(program.stderr).toMatch(/^[^\n]*--port 0[^\n]*\n$/);
      expect(program.stderr).toContain(String(port));
      expect(program.stdout).toBe('');
    } finally {
      other.close();
    }
  });
});

describe('a flag of serve', () => {
  it('--key accepts only these keys, with their scopes', async () => {
    await using fake = await serve('--key', 'open:admin', '--key', 'guest:user', '--key', 'old:expired');
    const status = async (key: string) => {
      await using client = connect(`${fake.urls.scriptix.realtime}?token=${key}`);
      const answered = client.refused.then(
        ({ status: refused }) => refused,
        () => 101,
      );
      return await answered;
    };
    expect(await Promise.all(['open', 'guest', 'old', 'other'].map(status))).toEqual([101, 101, 401, 401]);

    const initialize = `${fake.urls.scriptix.api}/initialize`;
    const guest = await fetch(initialize, { method: 'POST', headers: { 'x-zoom-s2t-key': 'guest' } });
    expect(guest.status).toBe(403);
  });

  it('--service and --start-time make a client initialize first', async () => {
    await using fake = await serve('--service', 'scaled-down', '--start-time', '1ms');
    const { api, realtime } = fake.urls.scriptix;
    const ask = async (method: string, path: string) => {
      const answer = await fetch(`${api}/${path}`, { method, headers: { 'x-zoom-s2t-key': 'any' } });
      return await answer.json();
    };

    expect(await ask('GET', 'status')).toMatchObject({ status: 'scaled_down', ready: false });

    await using early = connect(`${realtime}?token=any`);
    expect((await early.refused).status).toBe(503);
    expect(await ask('POST', 'initialize')).toMatchObject({ status: 'ready', ready: true });

    await using late = connect(`${realtime}?token=any`);
    await late.open;
  });

  it('--service answers-at-once serves without auto-scaling, and scaled_down means scaled-down', async () => {
    for (const [service, status] of [
      ['answers-at-once', 'scaled_down'],
      ['scaled_down', 'ready'],
    ] as const) {
      await using fake = await serve('--service', service, '--start-time', '1ms');
      const { api } = fake.urls.scriptix;
      const headers = { 'x-zoom-s2t-key': 'any' };
      const asked = async (path: string, method = 'GET') =>
        (await (await fetch(`${api}/${path}`, { method, headers })).json()) as object;

      expect(await asked('status')).toMatchObject({ status: 'scaled_down' });

      await asked('initialize', 'POST');
      expect(await asked('status')).toMatchObject({ status });
    }
  });

  it.each([
    ['fails-to-start', 503],
    ['breaks', 500],
  ])('--service %s makes initialize answer %i', async (service, status) => {
    await using fake = await serve('--service', service);
    const initialize = `${fake.urls.scriptix.api}/initialize`;
    const answer = await fetch(initialize, { method: 'POST', headers: { 'x-zoom-s2t-key': 'any' } });

    expect(answer.status).toBe(status);
  });

  it('--speed makes time pass faster', async () => {
    await using fake = await serve('--service', 'scaled-down', '--start-time', '60s', '--speed', '1000');
    const initialize = `${fake.urls.scriptix.api}/initialize`;
    const answer = await fetch(initialize, { method: 'POST', headers: { 'x-zoom-s2t-key': 'any' } });

    expect(answer.status).toBe(200);
  });

  it('--allow-url lets a stream be fetched from more than loopback', async () => {
    // An address from the range reserved for documentation: nothing answers there.
    const source = 'http://192.0.2.1/talk.mp3';
    const errorWith = async (...flags: readonly string[]) => {
      await using fake = await serve(...flags);
      const stream = fake.urls.scriptix.stream.replace('{token}', 'any');
      await using client = connect(`${stream}?url=${encodeURIComponent(source)}`);
      const { json } = await client.next(({ text }) => text.includes('error'));
      return (json as { error: string }).error;
    };
    expect(await errorWith()).toContain('--allow-url');

    // Thirty times faster, so that half a second is enough to give up.
    const error = await errorWith('--allow-url', '192.0.2.0/24', '--speed', '30');
    expect(error).not.toContain('--allow-url');
  });

  it('--seed decides what is made up', async () => {
    const textWith = async (seed: string) => {
      await using fake = await serve('--seed', seed);
      await using client = connect(`${fake.urls.reson8.realtime}?encoding=pcm_s16le`, KEY);
      await client.open;
      // Without its first half second it is a recording without a known transcript.
      await client.sendAudio(fixture('en-appointment.wav').pcm.subarray(16_000));
      client.send({ type: 'flush_request' });
      await client.next(({ text }) => text.includes('flush_confirmation'));
      return client.values
        .map((value) => (value as { text?: string }).text)
        .filter((text) => text !== undefined)
        .join(' ');
    };
    const [one, again, two] = await Promise.all([textWith('1'), textWith('1'), textWith('2')]);

    expect(one.split(' ').length).toBeGreaterThan(5);
    expect(again).toBe(one);
    expect(two).not.toBe(one);
  });

  it('--speakers labels the finals of Scriptix', async () => {
    await using fake = await serve('--speakers', '2');
    await using client = connect(`${fake.urls.scriptix.realtime}?token=any`);
    await client.open;
    client.send({ action: 'start' });
    await client.sendAudio(fixture('en-appointment.wav').pcm);
    client.send({ action: 'stop' });
    await client.closed;
    const speakers = client.values
      .filter((value) => (value as { is_final?: boolean }).is_final === true)
      .map((value) => (value as { speaker?: string }).speaker);

    expect(speakers).toEqual(['Speaker 1', 'Speaker 2']);
  });

  it('--max-body refuses a longer recording with 413', async () => {
    await using fake = await serve('--max-body', '1KiB');
    const post = (body: Uint8Array<ArrayBuffer>) =>
      fetch(fake.urls.reson8.prerecorded, { method: 'POST', ...KEY, body });

    expect((await post(new Uint8Array(1025))).status).toBe(413);
    expect((await post(new Uint8Array(1024))).status).toBe(200);
  });

  it('--max-frame ends a connection that sends more with 1009', async () => {
    await using fake = await serve('--max-frame', '1KiB');
    await using client = connect(fake.urls.reson8.realtime, KEY);
    await client.open;
    client.send(new Uint8Array(1024));
    await client.settled();
    client.send(new Uint8Array(1025));

    expect((await client.closed).code).toBe(1009);
  });

  it('--max-sessions refuses more sessions than that', async () => {
    await using fake = await serve('--max-sessions', '1');
    await using first = connect(fake.urls.reson8.realtime, KEY);
    await first.open;
    await using second = connect(fake.urls.reson8.realtime, KEY);

    expect((await second.refused).status).toBe(429);
  });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('closes open connections with 1001, reports it, and exits with 0', async () => {
    await using fake = await serve();
    await using scriptix = connect(`${fake.urls.scriptix.realtime}?token=any`);
    await using reson8 = connect(fake.urls.reson8.realtime, KEY);
    await Promise.all([scriptix.open, reson8.open]);
    fake.program.signal(signal);

    expect((await scriptix.closed).code).toBe(1001);
    expect((await reson8.closed).code).toBe(1001);
    expect(await fake.program.exit).toEqual({ code: 0, signal: null });
    expect(closeEvents(fake.program.stdout)).toHaveLength(2);
  });

  it('sent twice ends serve at once although a client does not answer', async () => {
    await using fake = await serve();
    await using client = await openRaw(fake.urls.reson8.realtime, { authorization: 'ApiKey any' });
    fake.program.signal(signal);

    expect(closeCodeOf(await client.nextFrame())).toBe(1001);

    fake.program.signal(signal);
    expect(await fake.program.exit).toEqual({ code: 0, signal: null });
    // It did not wait until the connection was over.
    expect(closeEvents(fake.program.stdout)).toHaveLength(0);
  });
});

it('--drain lets connections end by themselves, and a second signal does not wait for them', async () => {
  await using fake = await serve('--drain', '10m');
  await using first = connect(fake.urls.reson8.realtime, KEY);
  await first.open;
  fake.program.signal('SIGTERM');
  await draining(fake);
  await using late = connect(fake.urls.reson8.realtime, KEY);

  expect((await late.refused).status).toBe(503);

  first.close(4000);
  expect((await first.closed).code).toBe(4000);
  expect(await fake.program.exit).toEqual({ code: 0, signal: null });

  await using other = await serve('--drain', '10m');
  await using second = connect(other.urls.reson8.realtime, KEY);
  await second.open;
  other.program.signal('SIGTERM');
  await draining(other);
  other.program.signal('SIGTERM');
  expect(await other.program.exit).toEqual({ code: 0, signal: null });
});

it('a client that does not answer cannot keep serve from ending', async () => {
  await using fake = await serve();
  await using client = await openRaw(fake.urls.reson8.realtime, { authorization: 'ApiKey any' });
  fake.program.signal('SIGTERM');

  expect(closeCodeOf(await client.nextFrame())).toBe(1001);
  expect(await fake.program.exit).toEqual({ code: 0, signal: null });
  expect(closeEvents(fake.program.stdout)).toMatchObject([{ code: 1006 }]);
});

/** The signal has been noticed. */
async function draining({ urls }: ServedFake): Promise<void> {
  while ((await fetch(`${urls.control}/ready`)).status !== 503);
}

function closeEvents(stdout: string): readonly unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { event: string })
    .filter(({ event }) => event === 'session-close');
}
