import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../src/mock-server/events.ts';
import type { MockServer } from '../../src/mock-server/mock-server.ts';
import type { MockServerOptions } from '../../src/mock-server/options.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { DEFAULT_EDITIONS, EDITIONS, editionsOf } from '../../src/protocol/editions.ts';
import { VENDORS } from '../../src/protocol/dialects.ts';
import { readEditions } from '../../src/scenario/editions.ts';
import { bursts } from '../support/audio.ts';
import { connect, type ConnectOptions } from '../support/clients/client.ts';
import { dictate, microphone, microphoneUrl } from '../support/scriptix/scriptix.ts';
import { isState } from '../support/scriptix/rules.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-editions-'));
  const scenario = (edition: string) =>
    `dialect: scriptix\nsummary: has an edition\nedition: ${edition}\nserver: [open, transcribe, close]\n`;
  await writeFile(join(folder, 'as-examples.yaml'), scenario('examples'));
  await writeFile(join(folder, 'as-documents.yaml'), scenario('documents'));
});
afterAll(() => rm(folder, { recursive: true }));

type Query = Readonly<Record<string, string>>;

/** The first message after start. */
async function firstOf(fake: MockServer, query: Query = {}, options: ConnectOptions = {}): Promise<unknown> {
  await using client = await microphone(fake, { query, ...options });
  return client.messages[0]?.json;
}

const LOADING = { state: 'loading' };
const listening = (id: string) => ({ state: 'listening', session_id: id });
const asked = (edition: string) => ({ headers: { 'x-understudy-edition': edition } });
const EXAMPLES: MockServerOptions = { editions: { scriptix: 'examples' } };

describe('the name of an edition', () => {
  it('is written SERVICE=NAME, or NAME alone if there is only one service', () => {
    const read = (texts: readonly string[], services = VENDORS) =>
      readEditions(texts, services, DEFAULT_EDITIONS);
    expect(read([])).toEqual(DEFAULT_EDITIONS);
    expect(read(['scriptix=examples'])).toEqual({ ...DEFAULT_EDITIONS, scriptix: 'examples' });
    expect(read(['examples'], ['scriptix'])).toEqual({ ...DEFAULT_EDITIONS, scriptix: 'examples' });

    for (const texts of [['examples'], ['other=examples'], ['']]) {
      expect(() => read(texts)).toThrow(/expected SERVICE=NAME: scriptix=documents\|.*, reson8=documents/);
    }
    expect(() => read(['scriptix=exmaples'])).toThrow(
      /no edition "exmaples"; expected documents, examples or kaldi.*did you mean "examples"\?/,
    );
    expect(() => read(['scriptix=toString'])).toThrow(/no edition "toString"/);
    expect(() => read(['scriptix=examples', 'scriptix=documents'])).toThrow(/given twice/);
    expect(() => read(['reson8=documents'], ['scriptix'])).toThrow(/for this service alone/);
  });

  it('has a description, and the first of each service is the default', () => {
    for (const service of VENDORS) {
      expect(editionsOf(service)[0]).toBe(DEFAULT_EDITIONS[service]);
      for (const { meaning } of Object.values(EDITIONS[service])) expect(meaning).not.toBe('');
    }
  });
});

describe('the edition of a connection', () => {
  it('is that of the server, unless its scenario, header or query names one, each of which overrides the one before', async () => {
    await using fake = await startMockServer({ scenarios: [folder] });
    expect(await firstOf(fake)).toEqual(LOADING);
    expect(await firstOf(fake, { scenario: 'as-examples' })).toEqual(listening('s2'));
    expect(await firstOf(fake, { scenario: 'as-examples' }, asked('documents'))).toEqual(LOADING);
    expect(await firstOf(fake, {}, asked('examples'))).toEqual(listening('s4'));
    expect(await firstOf(fake, {}, asked('scriptix=examples'))).toEqual(listening('s5'));
    expect(await firstOf(fake, { edition: 'documents' }, asked('examples'))).toEqual(LOADING);

    await using other = await startMockServer({ scenarios: [folder], ...EXAMPLES });
    expect(await firstOf(other)).toEqual(listening('s1'));
    expect(await firstOf(other, { edition: '' })).toEqual(listening('s2'));
    expect(await firstOf(other, { scenario: 'as-documents' })).toEqual(LOADING);
    expect(await firstOf(other, { scenario: 'as-documents', edition: 'examples' })).toEqual(listening('s4'));
  });

  it('is shown in the log, in the session and in the control API', async () => {
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({ onEvent: (event) => events.push(event) });
    await using client = await microphone(fake, { query: { edition: 'examples' } });
    const session = await fake.nextSession();

    expect(session.edition).toBe('examples');
    expect(events).toMatchObject([{ event: 'session-open', id: 's1', edition: 'examples' }]);

    const answer = await fetch(`${fake.urls.control}/sessions/s1`);
    expect(await answer.json()).toMatchObject({ id: 's1', edition: 'examples' });

    await dictate(client, bursts(1000));
  });

  it('that does not exist is refused with a list of those that do', async () => {
    await using fake = await startMockServer();
    const wrong = [
      { url: microphoneUrl(fake, { edition: 'older' }), options: {} },
      { url: microphoneUrl(fake), options: asked('older') },
      { url: microphoneUrl(fake, { edition: 'reson8=documents' }), options: {} },
    ];
    for (const { url, options } of wrong) {
      await using client = connect(url, options);
      const { status, body } = await client.refused;
      expect(status).toBe(400);
      expect(JSON.parse(body)).toEqual({ detail: expect.stringContaining('documents') as string });
    }
    await using other = connect(`${fake.urls.reson8.realtime}?edition=examples`, {
      headers: { authorization: 'ApiKey any' },
    });
    const refused = await other.refused;

    expect(JSON.parse(refused.body)).toEqual({
      code: 'INVALID_REQUEST',
      message: 'edition: reson8 has no edition "examples"; expected documents or 2026-08',
    });
  });

  it('has to be one of the service, also in the options of the server', async () => {
    const started = startMockServer({ editions: { scriptix: 'older' } as unknown as object });
    await expect(started).rejects.toThrow(
      /^editions scriptix=older: scriptix has no edition "older"; expected/,
    );
  });
});

describe('the edition of the published programs', () => {
  it('is served at /realtime, too', async () => {
    await using fake = await startMockServer(EXAMPLES);
    const short = microphoneUrl(fake).replace('/v2/realtime', '/realtime');
    await using client = connect(short);
    await client.open;
    client.send({ action: 'start' });
    await client.next(isState('listening'), 'listening');
    await dictate(client, bursts(1000));

    expect((await fake.nextSession()).life).toBe('scriptix-microphone');

    const plain = short.replace('ws:', 'http:');
    expect((await fetch(plain)).status).toBe(426);

    await using documented = connect(`${short}&edition=documents`);
    expect(await documented.refused).toMatchObject({ status: 404, body: '{"detail":"Not Found"}' });
    expect((await fetch(`${plain}&edition=documents`)).status).toBe(404);
  });

  it('sends no loading to a client of a stream', async () => {
    await using fake = await startMockServer({ ...EXAMPLES, speed: 4 });
    const events: unknown[] = [];
    const address = fake.urls.scriptix.stream.replace('{token}', 'any');
    await using client = connect(`${address}?url=${encodeURIComponent('http://127.0.0.1:1/none')}`);
    await client.closed;
    events.push(...client.messages.map(({ json }) => json));

    // The source does not exist: the error would have come after loading.
    expect(events).toEqual([{ error: expect.any(String) as string }]);
  });

  it('replays a recording of the other edition without its loading', async () => {
    await using fake = await startMockServer({ scenarios: [folder] });
    await using client = await microphone(fake);
    await dictate(client, bursts(1000));
    const session = await fake.nextSession();
    const trace = [
      JSON.stringify({ kind: 'trace', version: 1, tool: 'test', startedAt: '2026-01-01T00:00:00Z' }),
      ...session.trace().map((event) => JSON.stringify(event)),
    ];
    const path = join(folder, 'recorded.ndjson');
    await writeFile(path, trace.join('\n'));
    const replay: MockServerOptions = { scenario: path, replay: 'asap' };
    await using again = await startMockServer(replay);

    expect(await firstOf(again)).toEqual(LOADING);

    await using other = await startMockServer({ ...replay, ...EXAMPLES });
    expect(await firstOf(other)).toEqual({ state: 'listening' });
  });
});

describe('the edition of the older service', () => {
  it('has separate messages for partials and finals, with the same words and times', async () => {
    const lifeIn = async (edition: 'documents' | 'kaldi') => {
      await using fake = await startMockServer({ editions: { scriptix: edition } });
      await using client = await microphone(fake);
      await dictate(client, bursts(3000));
      const { results } = await fake.nextSession();
      return {
        results,
        messages: client.messages.map(({ json }) => json as Readonly<Record<string, unknown>>),
      };
    };
    const flagged = await lifeIn('documents');
    const kaldi = await lifeIn('kaldi');
    const expected = flagged.messages.flatMap((message) => {
      const { text, is_final: isFinal, offset_ms: offset, words, state } = message;
      if (state === 'loading') return [];
      if (state === 'listening') return [{ state, session_id: 's1' }];
      if (state !== undefined) return [message];
      if (isFinal === false) return [{ partial: text }];
      const timed = (words as [string, number, number, number][]).map(([word, from, to, sure]) => [
        word.trim(),
        from + Number(offset),
        to + Number(offset),
        sure,
      ]);
      return [{ result: timed, speaker: 'Speaker 1', text }];
    });

    expect(kaldi.messages).toEqual(expected);
    expect(expected.filter((message) => 'result' in message).length).toBeGreaterThan(0);
    expect(kaldi.results).toBe(flagged.results);
  });

  it('is served at /realtime with the language in the query, and sends exactly {"state":"stopped"}', async () => {
    await using fake = await startMockServer({ speakers: 2 });
    const url = microphoneUrl(fake, { edition: 'kaldi', language: 'nl-nl' }).replace(
      '/v2/realtime',
      '/realtime',
    );
    await using client = connect(url);
    await client.open;
    client.send({ action: 'start' });
    await client.next(isState('listening'), 'listening');
    await dictate(client, bursts(3000));
    const finals = client.messages.filter(({ text }) => text.includes('"result"'));

    expect(finals.length).toBeGreaterThan(0);

    for (const { text } of finals) expect(text).toMatch(/^\{"result":\[\[".*"speaker":"[^"]+","text":"/);
    // One of the vendor's programs looks for exactly these bytes.
    expect(client.messages.at(-1)?.text).toBe('{"state":"stopped"}');
  });
});

describe('the edition of the plugins of August 2026', () => {
  const PLUGINS: MockServerOptions = { editions: { reson8: '2026-08' } };
  const WITH_KEY = { headers: { authorization: 'ApiKey any' } };
  const BODILESS = { body: '', headers: { 'content-length': '0' } };

  it.each([
    { what: 'a missing key', query: '', options: {}, status: 401, reason: 'Missing credentials' },
    {
      what: 'a bad value',
      query: 'channels=0',
      options: WITH_KEY,
      status: 400,
      reason: 'channels: expected a whole number from 1 to 10, got "0"',
    },
    {
      what: 'a value that no header can hold',
      query: `encoding=${encodeURIComponent('é\nx')}`,
      options: WITH_KEY,
      status: 400,
      reason: 'encoding: expected auto, pcm_s16le, mulaw or alaw, got "?\\nx"',
    },
  ])(
    'refuses $what without a body, with the reason in a header',
    async ({ query, options, status, reason }) => {
      await using fake = await startMockServer(PLUGINS);
      await using client = connect(`${fake.urls.reson8.realtime}?${query}`, options);
      const refused = await client.refused;

      expect(refused).toMatchObject({ status, ...BODILESS });
      expect(refused.headers['x-error-message']).toBe(reason);
      expect(refused.headers['content-type']).toBeUndefined();
      expect(await fake.nextRefusal()).toMatchObject({ body: undefined, reason });

      const documented = connect(`${fake.urls.reson8.realtime}?${query}&edition=documents`, options);
      const { body } = await documented.refused;
      expect(JSON.parse(body)).toMatchObject({ code: expect.any(String) as string });
    },
  );

  it.each([
    ['no-credits', 402, 'Insufficient credits'],
    ['too-many-connections', 429, 'Too many connections'],
    ['too-large', 413, 'The request is too large'],
    ['refused-401', 401, 'Invalid or expired credentials'],
    ['refused-500', 500, undefined],
  ])('refuses in the same way if the scenario %s refuses with %i', async (scenario, status, reason) => {
    await using fake = await startMockServer(PLUGINS);
    await using client = connect(`${fake.urls.reson8.realtime}?scenario=${scenario}`, WITH_KEY);
    const refused = await client.refused;

    expect(refused).toMatchObject({ status, ...BODILESS });
    expect(refused.headers['x-error-message']).toEqual(reason ?? expect.any(String));

    if (status === 429) expect(refused.headers['retry-after']).toBe('3');
  });

  it('refuses too many connections, unknown paths and unknown scenarios in the same way', async () => {
    await using fake = await startMockServer({ ...PLUGINS, maxSessions: 1 });
    await using first = connect(fake.urls.reson8.realtime, WITH_KEY);
    await first.open;
    const reasonOf = async (url: string) => {
      await using client = connect(url, WITH_KEY);
      const { status, body, headers } = await client.refused;
      expect(body).toBe('');
      return [status, headers['x-error-message']];
    };

    expect(await reasonOf(fake.urls.reson8.realtime)).toEqual([429, 'More than 1 connections']);
    expect(await reasonOf(fake.urls.reson8.realtime.replace('realtime', 'nowhere'))).toEqual([
      404,
      'Not Found',
    ]);
    expect(await reasonOf(`${fake.urls.reson8.realtime}?scenario=no-such`)).toEqual([
      400,
      expect.stringContaining('no scenario "no-such" for reson8'),
    ]);
  });

  it('has problem details in the answers to calls', async () => {
    await using fake = await startMockServer(PLUGINS);
    const missing = await fetch(`${fake.urls.url}/v1/nowhere`);
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
    expect(await missing.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'Not Found',
      code: 'not_found',
    });

    const socket = await fetch(fake.urls.reson8.realtime.replace('ws:', 'http:'));
    expect(socket.status).toBe(426);
    expect(socket.headers.get('upgrade')).toBe('websocket');
    expect(await socket.json()).toMatchObject({ status: 426, code: 'invalid_request' });

    const documented = await fetch(`${fake.urls.url}/v1/nowhere?edition=documents`);
    expect(await documented.json()).toEqual({ code: 'NOT_FOUND', message: 'Not Found' });
  });

  it('changes neither Scriptix nor the messages of Reson8', async () => {
    await using fake = await startMockServer(PLUGINS);
    await using refused = connect(`${fake.urls.scriptix.realtime}?token=invalid-key`);
    expect(await refused.refused).toMatchObject({ status: 401, body: '{"detail":"Not authenticated"}' });

    const bytesOf = async (edition: string) => {
      await using client = connect(
        `${fake.urls.reson8.realtime}?include_interim=true&edition=${edition}`,
        WITH_KEY,
      );
      await client.open;
      await client.sendAudio(bursts(1000));
      client.send({ type: 'flush_request', id: 'a' });
      await client.next(({ text }) => text.includes('flush_confirmation'), 'the confirmation');
      return client.messages.map(({ text }) => text);
    };
    expect(await bytesOf('2026-08')).toEqual(await bytesOf('documents'));
  });
});

describe('listening as a keep-alive', () => {
  it('is repeated at intervals until the session ends', async () => {
    await using fake = await startMockServer({ ...EXAMPLES, pulseMs: 500, clock: 'manual' });
    await using client = await microphone(fake);
    const seen = () => client.messages.filter(({ json }) => isState('listening')({ json } as never)).length;

    expect(seen()).toBe(1);

    await fake.clock.advance(499);
    await fake.clock.advance(1);
    await client.next(isState('listening'), 'the first pulse');
    await fake.clock.advance(1000);
    await client.next(isState('listening'), 'the second pulse');
    await client.next(isState('listening'), 'the third pulse');
    await dictate(client, bursts(1000));
    await fake.clock.advance(5000);

    expect(seen()).toBe(4);
  });

  it('is not sent while a scenario hangs', async () => {
    const path = join(folder, 'says-nothing.yaml');
    await writeFile(path, 'dialect: scriptix\nsummary: hangs\nserver: [open, hang]\n');
    await using fake = await startMockServer({ scenario: path, pulseMs: 500, clock: 'manual' });
    await using client = await microphone(fake);
    await fake.clock.advance(5000);
    const session = await fake.nextSession();
    session.send({ last: true });
    await client.next(({ json }) => (json as { last?: true }).last === true, 'the last message');

    expect(client.messages.map(({ json }) => json)).toEqual([
      { state: 'loading' },
      { state: 'listening' },
      { last: true },
    ]);
  });

  it('is not repeated without the option', async () => {
    await using fake = await startMockServer({ ...EXAMPLES, clock: 'manual' });
    await using client = await microphone(fake);
    await fake.clock.advance(60_000);
    await dictate(client, bursts(1000));

    expect(client.messages.filter(({ text }) => text.includes('listening'))).toHaveLength(1);
  });
});

describe('a client that leaves right after loading', () => {
  async function notesOf(options: MockServerOptions, act: (fake: MockServer) => Promise<void>) {
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({
      ...options,
      clock: 'manual',
      onEvent: (event) => events.push(event),
    });
    await act(fake);
    await fake.stop();
    expect(events.filter(({ event }) => event === 'session-close')).toHaveLength(1);
    return events.flatMap((event) => (event.event === 'session-note' ? [event] : []));
  }
  async function leave(fake: MockServer, how: 'close' | 'terminate' = 'close') {
    await using client = await microphone(fake);
    const session = await fake.nextSession();
    client.socket[how]();
    await session.received('close');
  }

  it.each(['close', 'terminate'] as const)(
    'is noted with an explanation that names the edition (%s)',
    async (how) => {
      const notes = await notesOf({}, (fake) => leave(fake, how));

      expect(notes).toMatchObject([{ id: 's1' }]);
      expect(notes[0]?.message).toContain('the edition documents');
      expect(notes[0]?.message).toContain('--edition scriptix=examples');
    },
  );

  it('is not noted if listening came first, or if it sent audio, stayed or was closed by the server', async () => {
    expect(await notesOf(EXAMPLES, leave)).toEqual([]);

    const speak = async (fake: MockServer) => {
      await using client = await microphone(fake);
      await client.sendAudio(bursts(100));
      const session = await fake.nextSession();
      await session.received('audio');
      client.socket.close();
      await session.received('close');
    };
    expect(await notesOf({}, speak)).toEqual([]);

    const stay = async (fake: MockServer) => {
      await using client = await microphone(fake);
      await fake.clock.advance(1001);
      client.socket.close();
      await (await fake.nextSession()).received('close');
    };
    expect(await notesOf({}, stay)).toEqual([]);

    const sentAway = async (fake: MockServer) => {
      await using client = await microphone(fake);
      (await fake.nextSession()).close(1000);
      await client.closed;
    };
    expect(await notesOf({}, sentAway)).toEqual([]);
  });
});
