import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { MockServerOptions } from '../../../src/mock-server/options.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { scenariosOf } from '../../../src/scenario/replay/from-trace.ts';
import { leftOut } from '../../../src/scenario/replay/left-out.ts';
import { readScenario } from '../../../src/scenario/read/load.ts';
import { REPLAY_MODES, type ReplayMode } from '../../../src/scenario/replay/mode.ts';
import { encodeEvent, encodeHeader } from '../../../src/wire/trace-file.ts';
import type { TraceEvent, TraceFact } from '../../../src/wire/trace.ts';
import { fixture } from '../../support/audio.ts';
import { ask } from '../../support/clients/ask.ts';
import { connect } from '../../support/clients/client.ts';
import { record, type Recorder } from '../../record/recorder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

const AUDIO = fixture('en-appointment.wav').pcm.subarray(0, 32 * 4000);
const MICROPHONE = '/v2/realtime?token=some-token&language=en';
const RESON8 = '/v1/speech-to-text/realtime?include_interim=true&include_words=true';

interface Ending {
  readonly texts: readonly string[];
  readonly end: string;
}

/** What a Scriptix client receives, from its start to its stop. */
async function dictate(origin: string): Promise<Ending> {
  await using client = connect(`${origin}${MICROPHONE}`);
  await client.open;
  client.send({ action: 'start' });
  await client.sendAudio(AUDIO);
  client.send({ action: 'stop' });
  const { code, reason } = await client.closed;
  return { texts: client.messages.map(({ text }) => text), end: `${code} ${reason}` };
}

/** What a Reson8 client receives that flushes and closes. */
async function transcribe(origin: string): Promise<Ending> {
  await using client = connect(`${origin}${RESON8}`, { headers: { authorization: 'ApiKey some-key' } });
  await client.open;
  await client.sendAudio(AUDIO);
  client.send({ type: 'flush_request', id: 'f1' });
  await client.next(({ text }) => text.includes('flush_confirmation'));
  client.close();
  const { code } = await client.closed;
  return { texts: client.messages.map(({ text }) => text), end: String(code) };
}

/** Records the fake while a client talks to it. */
async function recorded<T>(
  options: MockServerOptions,
  talk: (origin: string) => Promise<T>,
): Promise<{ seen: T; text: string; events: readonly TraceEvent[] }> {
  await using fake = await startMockServer(options);
  await using recorder: Recorder = await record(fake.urls.url.replace('http', 'ws'));
  const seen = await talk(recorder.url);
  // The client has seen the end; the proxy may still be about to.
  await expect.poll(() => unfinished(recorder.events)).toEqual([]);
  return { seen, text: recorder.text, events: recorder.events };
}

function unfinished(events: readonly TraceEvent[]): readonly string[] {
  const open = new Set<string>();
  for (const event of events) {
    if (event.kind === 'request') open.add(event.session);
    if (event.kind === 'end' || (event.kind === 'response' && event.status !== 101))
      open.delete(event.session);
  }
  return [...open];
}

async function replay<T>(
  text: string,
  mode: ReplayMode,
  talk: (origin: string) => Promise<T>,
  options: MockServerOptions = {},
): Promise<T> {
  const file = join(folder, `recording-${mode}.ndjson`);
  await writeFile(file, text);
  await using fake = await startMockServer({
    ...options,
    scenario: file,
    replay: mode,
    speed: mode === 'timed' ? 10 : 1,
  });
  return await talk(fake.urls.url.replace('http', 'ws'));
}

const at = (atMs: number, fact: TraceFact): TraceEvent => ({ session: 's1', atMs, ...fact });
const opened = (target: string): TraceEvent[] => [
  at(0, { kind: 'request', method: 'GET', target, headers: {} }),
  at(1, { kind: 'response', status: 101, headers: {} }),
];
const said = (atMs: number, from: 'client' | 'server', text: string) =>
  at(atMs, { kind: 'text', from, text });
const sent = (atMs: number, byteCount: number) => at(atMs, { kind: 'binary', from: 'client', byteCount });

describe('a recording of the fake, replayed', () => {
  it.each(REPLAY_MODES)('gives a Scriptix client the same messages and the same end (%s)', async (mode) => {
    const { seen, text } = await recorded({}, dictate);
    expect(seen.texts.length).toBeGreaterThan(8);
    expect(seen.end).toBe('1000 ');

    // Played as fast as it goes, the connection may be closed before the client has sent all it has.
    const again = await replay(text, mode, dictate);
    expect(again).toEqual(seen);
  });

  it.each(REPLAY_MODES)('gives a Reson8 client the same messages and the same end (%s)', async (mode) => {
    const { seen, text } = await recorded({}, transcribe);
    expect(seen.texts.length).toBeGreaterThan(8);
    expect(await replay(text, mode, transcribe)).toEqual(seen);
  });

  it('gives the same faults: a refusal, a cut frame, an unusual close', async () => {
    const broken = join(folder, 'broken.yaml');
    await writeFile(
      broken,
      [
        'dialect: scriptix',
        'summary: three kinds of trouble',
        'server:',
        '  attempts:',
        '    - handshake: { status: 503, headers: { retry-after: "7" }, body: { detail: not now } }',
        '    - [open, { raw: "{ cut" }, { close: { code: 4000, reason: so there } }]',
        '    - [open, { abort: reset }]',
      ].join('\n'),
    );
    const tour = async (origin: string) => {
      const ends: string[] = [];
      for (let i = 0; i < 3; i++) {
        await using client = connect(`${origin}${MICROPHONE}`);
        const refused = await client.refused.catch(() => undefined);
        if (refused !== undefined) {
          ends.push(`${refused.status} ${String(refused.headers['retry-after'])} ${refused.body}`);
          continue;
        }
        client.send({ action: 'start' });
        const { code, reason } = await client.closed;
        ends.push(`${client.messages.map(({ text }) => text).join('')} ${code} ${reason}`);
      }
      return ends;
    };
    const { seen, text } = await recorded({ scenario: broken }, tour);

    expect(seen).toEqual([
      '503 7 {"detail":"not now"}',
      '{"state":"loading"}{"state":"listening"}{ cut 4000 so there',
      '{"state":"loading"}{"state":"listening"} 1006 ',
    ]);
    expect(await replay(text, 'stepped', tour)).toEqual(seen);
  });

  it('gives the same answers to REST calls, in the same order', async () => {
    const calls = async (origin: string) => {
      const answers: string[] = [];
      const api = `${origin.replace('ws', 'http')}/api/v4/realtime`;
      const headers = { 'x-zoom-s2t-key': 'some-key' };
      for (const [method, call] of [
        ['GET', 'status'],
        ['POST', 'initialize'],
        ['GET', 'status'],
      ] as const) {
        const response = await fetch(`${api}/${call}`, { method, headers });
        answers.push(`${response.status} ${((await response.json()) as { status: string }).status}`);
      }
      return answers;
    };
    const { seen, text } = await recorded({ service: { status: 'scaled_down', startMs: 10 } }, calls);

    expect(seen).toEqual(['200 scaled_down', '200 ready', '200 ready']);
    expect(await replay(text, 'asap', calls)).toEqual(seen);
  });

  it.each([
    ['as it was', 'wss://realtime.scriptix.io/v2/realtime?a={b}'],
    ['with escaped slashes', 'wss:\\/\\/realtime.scriptix.io\\/v2\\/realtime?a={b}'],
  ])('gives its own address where the service gave one to connect to, %s', async (_form, endpoint) => {
    // A client that follows the answer spoke to the real service in the middle of a replay, and was billed for it.
    const body = `{"status":"ready","message":"{told} by hand","ready":true,"endpoint":"${endpoint}"}`;
    const event = (fact: TraceFact): TraceEvent => ({ session: 's1', atMs: 0, ...fact });
    const headers = { 'content-type': 'application/json' };
    const text = [
      encodeHeader({
        kind: 'trace',
        version: 1,
        tool: 'understudy 0.0.0',
        startedAt: '2025-01-31T12:00:00.000Z',
      }),
      event({ kind: 'request', method: 'GET', target: '/api/v4/realtime/status', headers: {} }),
      event({ kind: 'response', status: 200, headers, body }),
    ];
    const asked = async (origin: string) => {
      const { json } = await ask(`${origin.replace('ws', 'http')}/api/v4/realtime/status`);
      const { endpoint: led } = json as { endpoint: string };
      return { ...(json as object), endpoint: led.replace(origin, 'ORIGIN') };
    };
    const lines = text.map((line) => (typeof line === 'string' ? line : encodeEvent(line)));

    expect(await replay(lines.join(''), 'asap', asked)).toEqual({
      status: 'ready',
      message: '{told} by hand',
      ready: true,
      endpoint: 'ORIGIN/v2/realtime?a={b}',
    });
  });

  it('gives the same answers to calls of Reson8, in the same order', async () => {
    const MODEL = Buffer.from(JSON.stringify({ id: 'names', name: 'Names', phrases: ['Jansen'] }));
    const calls = async (origin: string) => {
      const answers: string[] = [];
      const headers = { authorization: 'ApiKey some-key' };
      for (const [call, body] of [
        ['auth/token', undefined],
        ['speech-to-text/prerecorded?encoding=pcm_s16le', AUDIO],
        ['speech-to-text/prerecorded', undefined],
        ['custom-model', MODEL],
        ['custom-model/names/phrases', MODEL],
        ['custom-model/others/phrases/delete', MODEL],
      ] as const) {
        const url = `${origin.replace('ws', 'http')}/v1/${call}`;
        const { status, json } = await ask(url, {
          method: 'POST',
          headers,
          ...(body === undefined ? {} : { body }),
        });
        const { token_type: type, text, name, skipped, message } = json as Record<string, unknown>;
        answers.push(`${status} ${String(type ?? text ?? name ?? skipped ?? message)}`);
      }
      return answers;
    };
    const { seen, text } = await recorded({}, calls);

    expect(seen).toEqual([
      '200 Bearer',
      '200 good morning you have an appointment with doctor Jansen tomorrow',
      '400 The body is empty: expected a recording',
      '201 Names',
      '200 1',
      '404 There is no model with this id',
    ]);
    expect(await replay(text, 'asap', calls)).toEqual(seen);
  });
});

// The token in a recording is a stand-in, which a server with keys of its own refused.
describe('a recording in which a client gets an access token', () => {
  const withToken = (key: string) => async (origin: string) => {
    const headers = { authorization: `ApiKey ${key}` };
    const url = `${origin.replace('ws', 'http')}/v1/auth/token`;
    const { json } = await ask(url, { method: 'POST', headers });
    const { access_token: token, ...others } = json as Record<string, unknown>;
    await using client = connect(`${origin}${RESON8}`, {
      headers: { authorization: `Bearer ${String(token)}` },
    });
    const opened = await client.open.then(
      () => 101,
      () => client.refused.then(({ status }) => status),
    );
    return { others, opened };
  };

  it('gives it one of the fake, which opens what its key opens there', async () => {
    const { seen, text } = await recorded({}, withToken('some-key'));
    const keys = { keys: ['some-key'] };

    expect(seen).toEqual({ others: { token_type: 'Bearer', expires_in: 600 }, opened: 101 });
    expect(await replay(text, 'asap', withToken('some-key'), keys)).toEqual(seen);
    expect(await replay(text, 'asap', withToken('another'), keys)).toEqual({ ...seen, opened: 401 });
  });

  it('says how long it is valid', async () => {
    const { events } = await recorded({ scenario: ['token-expires-early'] }, withToken('some-key'));
    const [rest] = scenariosOf(events, 'asap', 'recorded');

    expect(rest?.server).toMatchObject({ 'expires-in': '2000ms' });
    expect(readScenario('recorded', 'recorded.yaml', stringify(rest)).kind).toBe('scenario');
  });
});

describe('a replay answers only what the client has already sent', () => {
  // A recording at its own times sent `stopped` and all after it before a slow client had sent its stop command; a
  // client that sends its audio at once got answers in the middle of what it was sending.
  const CONVERSATIONS: Readonly<Record<string, readonly TraceEvent[]>> = {
    scriptix: [
      ...opened('/v2/realtime?token=redacted-1'),
      said(5, 'client', '{"action":"start"}'),
      said(8, 'server', '{"state":"listening"}'),
      sent(20, 640),
      sent(30, 640),
      said(35, 'server', '{"text":"one","is_final":true,"offset_ms":0,"words":[]}'),
      said(40, 'client', '{"action":"stop"}'),
      said(45, 'server', '{"state":"stopped"}'),
      at(46, { kind: 'close', from: 'server', code: 1000, reason: '' }),
    ],
    reson8: [
      ...opened('/v1/speech-to-text/realtime'),
      sent(20, 1280),
      said(35, 'server', '{"type":"transcript","text":"one"}'),
      said(40, 'client', '{"type":"flush_request","id":"a"}'),
      said(45, 'server', '{"type":"flush_confirmation","id":"a"}'),
      said(50, 'client', '{"type":"flush_request","id":"b"}'),
      said(55, 'server', '{"type":"flush_confirmation","id":"b"}'),
    ],
  };

  for (const mode of REPLAY_MODES) {
    it.each(Object.keys(CONVERSATIONS))(`in %s (${mode}), by a slow client`, async (dialect) => {
      const events = CONVERSATIONS[dialect] ?? [];
      const path = join(folder, `order-${dialect}-${mode}.ndjson`);
      const header = {
        kind: 'trace',
        version: 1,
        tool: 'test',
        startedAt: '2025-01-31T12:00:00.000Z',
      } as const;
      await writeFile(path, [encodeHeader(header), ...events.map(encodeEvent)].join(''));
      const target = events[0]?.kind === 'request' ? events[0].target : '';
      const headers = { authorization: 'ApiKey any' };
      await using fake = await startMockServer({ scenario: path, replay: mode, clock: 'manual' });
      const answers = events.flatMap((event) =>
        event.kind === 'text' && event.from === 'server' ? event.text : [],
      );

      await using slow = connect(`${fake.urls.url.replace('http', 'ws')}${target}`, { headers });
      await slow.open;
      const session = await fake.nextSession();
      let owed = 0;
      let asked = 0;
      for (const event of events) {
        if (!('from' in event)) continue;
        if (event.from === 'server') {
          if (event.kind === 'text') owed += 1;
          continue;
        }
        // However long this takes: nothing comes that it has not asked for.
        await fake.clock.advance(60_000);
        await slow.settled();
        expect(slow.messages).toHaveLength(owed);
        slow.send(
          event.kind === 'text' ? event.text : new Uint8Array(event.kind === 'binary' ? event.byteCount : 0),
        );
        await session.received('frame', { count: (asked += 1) });
      }
      await fake.clock.advance(60_000);

      await expect.poll(() => slow.messages.map(({ text }) => text)).toEqual(answers);
    });
  }
});

describe('scenariosOf', () => {
  it.each(REPLAY_MODES)('writes files that are valid (%s)', async (mode) => {
    const { events } = await recorded({}, async (origin) => {
      await dictate(origin);
      await transcribe(origin);
    });
    const found = scenariosOf(events, mode, 'recorded');

    expect(found.map(({ dialect }) => dialect)).toEqual(['scriptix', 'reson8']);

    for (const file of found) {
      const read = readScenario('recorded', 'recorded.yaml', stringify(file));
      expect(read).toMatchObject({ kind: 'scenario', scenario: { file } });
    }
  });

  // A replay waited for the start command of a client of a stream, which the fake does not hear there.
  it('writes no waits for commands of a stream client, which have no effect', () => {
    const at = (atMs: number, fact: TraceFact): TraceEvent => ({ session: 's1', atMs, ...fact });
    const said = (atMs: number, action: string) =>
      at(atMs, { kind: 'text', from: 'client', text: JSON.stringify({ action }) });
    const target = '/v2/client/redacted-1?url=http://127.0.0.1:1/a.mp3';
    const [file] = scenariosOf(
      [
        at(0, { kind: 'request', method: 'GET', target, headers: {} }),
        at(1, { kind: 'response', status: 101, headers: {} }),
        said(2, 'start'),
        at(3, { kind: 'binary', from: 'client', byteCount: 640 }),
        at(4, { kind: 'text', from: 'server', text: '{"state":"listening"}' }),
        said(5, 'stop'),
        at(6, { kind: 'text', from: 'server', text: '{"state":"stopped"}' }),
        at(7, { kind: 'close', from: 'server', code: 1000, reason: '' }),
      ],
      'asap',
      'recorded',
    );

    expect(file).toMatchObject({
      server: {
        attempts: [
          {
            steps: [
              { raw: { text: '{"state":"listening"}' } },
              { await: { for: 'stop' } },
              { raw: { text: '{"state":"stopped"}' } },
              { close: { code: 1000 } },
            ],
          },
        ],
      },
      client: [{ raw: '{"action":"start"}' }, { raw: '{"action":"stop"}' }],
    });
    expect(readScenario('recorded', 'recorded.yaml', stringify(file))).toMatchObject({ kind: 'scenario' });
  });

  it('finds no scenarios in a trace of something else', () => {
    const request = { kind: 'request', method: 'GET', target: '/elsewhere', headers: {} } as const;
    expect(scenariosOf([{ session: 's1', atMs: 0, ...request }], 'timed', 'nothing')).toEqual([]);
  });

  // Frames that break the protocol were left out, and the replay was a healthy connection.
  it('sends at once what came within a millisecond', () => {
    const pings = Array.from({ length: 20 }, (_, i) =>
      at(10 + i / 10, { kind: 'ping', from: 'server', base64: '' }),
    );
    const [scenario] = scenariosOf(
      [...opened('/v2/realtime?token=redacted-1'), ...pings],
      'timed',
      'recorded',
    );
    const { attempts } = scenario?.server as unknown as { attempts: [{ steps: (string | object)[] }] };

    expect(attempts[0].steps.filter((step) => typeof step === 'object' && 'wait' in step)).toEqual([
      { wait: '9ms' },
      { wait: '1ms' },
    ]);
    expect(attempts[0].steps).toHaveLength(23);
  });

  it('leaves out only what is named', () => {
    const binary = at(5, { kind: 'binary', from: 'server', byteCount: 3 });
    const fault = at(6, { kind: 'fault', from: 'server', message: 'invalid opcode' });
    const elsewhere = [at(1, { kind: 'request', method: 'GET', target: '/elsewhere', headers: {} })];
    const many = Array.from({ length: 101 }, (_, i) =>
      opened('/v2/realtime').map((event) => ({ ...event, session: `m${i}` })),
    ).flat();
    const named = (events: readonly TraceEvent[]) => leftOut([...opened(RESON8), ...events]);

    expect(named([sent(2, 640), said(3, 'server', '{}')])).toEqual([]);
    expect(named([binary, fault])).toEqual([
      'Left out: 1 binary message of the server, of which the trace has only a hash',
      'Replaced: 1 invalid frame, whose bytes are not in the trace, by another invalid one',
    ]);
    expect(named([...elsewhere.map((event) => ({ ...event, session: 'e1' })), ...many])).toEqual([
      'Left out: 1 session at unknown paths',
      'Left out: the last 1 session of scriptix, beyond 100',
    ]);
  });

  it('sends an invalid frame where the service sent one', () => {
    const at = (atMs: number, fact: TraceFact): TraceEvent => ({ session: 's1', atMs, ...fact });
    const events = [
      at(0, { kind: 'request', method: 'GET', target: '/v2/realtime?token=redacted-1', headers: {} }),
      at(1, { kind: 'response', status: 101, headers: {} }),
      at(2, { kind: 'text', from: 'server', text: '{"state":"loading"}' }),
      at(3, { kind: 'fault', from: 'server', message: 'Invalid WebSocket frame: invalid status code 1006' }),
      at(4, { kind: 'close', from: 'client', code: 1002, reason: '' }),
    ];
    const left = at(5, { kind: 'end', by: 'client', how: 'close', code: 1002 });
    const cut = at(4, { kind: 'end', by: 'server', how: 'reset', code: 1006 });
    const steps = [{ raw: { text: '{"state":"loading"}' } }, { bytes: { hex: '83 00' } }];

    const [file] = scenariosOf([...events, left], 'asap', 'invalid');

    expect(file?.server).toEqual({ attempts: [{ steps: [...steps, 'hang'] }] });
    expect(readScenario('invalid', 'invalid.yaml', stringify(file))).toMatchObject({ kind: 'scenario' });
    expect(scenariosOf([...events.slice(0, 4), cut], 'asap', 'invalid')[0]?.server).toEqual({
      attempts: [{ steps: [...steps, { abort: 'reset' }] }],
    });
  });

  describe('of a server that no longer answers', () => {
    const at = (atMs: number, fact: TraceFact): TraceEvent => ({ session: 's1', atMs, ...fact });
    const opened = [
      at(0, { kind: 'request', method: 'GET', target: '/v2/realtime?token=redacted-1', headers: {} }),
      at(1, { kind: 'response', status: 101, headers: {} }),
    ];
    const loading = at(2, { kind: 'text', from: 'server', text: '{"state":"loading"}' });
    const ping = (atMs: number) => at(atMs, { kind: 'ping', from: 'client', base64: '' });
    const pong = (atMs: number) => at(atMs, { kind: 'pong', from: 'server', base64: '' });
    const close = (atMs: number) => at(atMs, { kind: 'close', from: 'client', code: 1000, reason: '' });
    const left = (atMs: number) => at(atMs, { kind: 'end', by: 'client', how: 'close', code: 1000 });
    const said = { raw: { text: '{"state":"loading"}' } };

    // Replays answered Pings and Close frames that the service had not answered.
    it.each<readonly [string, readonly TraceEvent[], readonly unknown[]]>([
      ['a Close frame', [...opened, loading, close(3000), left(4000)], [said, { abort: 'silence' }]],
      ['a Ping', [...opened, loading, ping(3000), close(8000), left(8001)], [said, { abort: 'silence' }]],
      ['anything', [...opened, ping(3000), close(8000), left(8001)], [{ abort: 'silence' }]],
      [
        'a second Ping',
        [...opened, loading, ping(3000), pong(3001), ping(6000), left(9000)],
        [said, { abort: 'silence' }],
      ],
    ])('does not answer %s either', (_what, events, steps) => {
      const [file] = scenariosOf(events, 'stepped', 'silent');

      expect(file?.server).toEqual({ attempts: [{ steps }] });
      expect(readScenario('silent', 'silent.yaml', stringify(file))).toMatchObject({ kind: 'scenario' });
    });

    it('falls silent when the service did', () => {
      const events = [...opened, loading, ping(3000), pong(3001), ping(6000), left(9000)];

      expect(scenariosOf(events, 'timed', 'silent')[0]?.server).toEqual({
        attempts: [{ steps: [{ wait: '1ms' }, said, { wait: '2999ms' }, { abort: 'silence' }] }],
      });
    });

    it.each([
      ['did not wait for the answer', [...opened, loading, close(3000), left(3100)]],
      ['was answered', [...opened, loading, ping(3000), pong(3001), close(8000), left(8100)]],
      ['asked for nothing', [...opened, loading, left(9000)]],
    ])('answers as usual if the client %s', (_what, events) => {
      expect(scenariosOf(events, 'stepped', 'usual')[0]?.server).toEqual({
        attempts: [{ steps: [said, 'hang'] }],
      });
    });

    // It was replayed as an end by the server, at once.
    it('keeps a client waiting that gave up before the answer to its upgrade', () => {
      const gone = at(6000, { kind: 'end', by: 'client', how: 'fin', code: 1006 });

      expect(scenariosOf([...opened.slice(0, 1), gone], 'timed', 'slow')[0]?.server).toEqual({
        attempts: [{ handshake: 'hang' }],
      });
    });
  });

  it('leaves a connection open whose recording was cut off', () => {
    const at = { session: 's1', atMs: 0 };
    const events: TraceEvent[] = [
      { ...at, kind: 'request', method: 'GET', target: '/v2/realtime?token=redacted-1', headers: {} },
      { ...at, kind: 'response', status: 101, headers: {} },
      { ...at, kind: 'text', from: 'server', text: '{"state":"loading"}' },
    ];

    expect(scenariosOf(events, 'asap', 'cut')[0]?.server).toEqual({
      attempts: [{ steps: [{ raw: { text: '{"state":"loading"}' } }, 'hang'] }],
    });
    expect(scenariosOf(events.slice(0, 1), 'asap', 'cut')[0]?.server).toEqual({
      attempts: [{ handshake: 'hang' }],
    });
  });
});
