import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playScenario } from '../../../src/conformance/player/play-scenario.ts';
import { knownOf, serveStreams } from '../../../src/conformance/player/stream-source.ts';
import type { Target } from '../../../src/conformance/player/target.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { fixtureFile } from '../../support/audio.ts';
import { scenarioOf } from '../../support/scenarios/scenario.ts';
import { startHandMade } from '../../support/servers/scripted-server.ts';
import { targetAt } from './target.ts';

let fake: MockServer;
beforeAll(async () => {
  fake = await startMockServer();
});
afterAll(() => fake.stop());

const play = (client: unknown, dialect = 'scriptix', target: Partial<Target> = {}) =>
  playScenario(
    scenarioOf(undefined, { client, dialect }),
    targetAt(fake.urls.url.replace('http', 'ws'), target),
    'x',
  );

const of = <Kind extends TraceEvent['kind']>(events: readonly TraceEvent[], kind: Kind) =>
  events.filter((event): event is Extract<TraceEvent, { kind: Kind }> => event.kind === kind);

it('the player records what was sent, what came, and what it knows in addition', async () => {
  const { events, failures } = await play([
    'start',
    { audio: { for: '8s', frame: '200ms' } },
    { await: { for: 'final', count: 1 } },
    { close: 1000 },
  ]);
  expect(failures).toEqual([]);
  expect(events[0]).toMatchObject({
    session: 's1',
    kind: 'context',
    about: { dialect: 'scriptix', scenario: 'x', credential: 'valid' },
  });
  expect(of(events, 'request')[0]?.target).toBe('/v2/realtime?token=redacted-1&type=fast');
  expect(of(events, 'context')[1]?.about.audio).toEqual({
    bytesPerMs: 32,
    content: 'speech',
    recording: 'en-appointment.wav',
  });

  const audio = of(events, 'binary');
  expect(audio).toHaveLength(40);
  expect(audio.every(({ byteCount }) => byteCount === 6400)).toBe(true);
  expect(of(events, 'close').map(({ from, code }) => [from, code])).toEqual([
    ['client', 1000],
    ['server', 1000],
  ]);
  expect(events.at(-1)).toMatchObject({ kind: 'end', how: 'close', by: 'client', code: 1000 });
  expect(JSON.stringify(events)).not.toContain('right-key');
});

it('the player repeats a recording that is too short, without a gap', async () => {
  const { events } = await play(['start', { audio: { for: '20s', frame: '333ms' } }, { close: 1000 }]);
  expect(of(events, 'binary').reduce((sum, { byteCount }) => sum + byteCount, 0)).toBe(20_000 * 32);
});

it('the player sends audio at the requested pace', async () => {
  const { events } = await play(['start', { audio: { for: '2s', pace: 0.5 } }, { close: 1000 }], 'scriptix', {
    pace: 10,
  });
  const began = of(events, 'context').at(-1)?.atMs ?? 0;
  const last = of(events, 'binary').at(-1)?.atMs ?? 0;

  // The last of two seconds has been spoken after two seconds, and here five times as fast; 1 ms early is in time.
  expect(last - began).toBeGreaterThanOrEqual(398.8);
});

describe('the player presents a credential', () => {
  it.each([
    ['scriptix', 'a parameter', {}, { target: /token=redacted-1/ }],
    [
      'scriptix',
      'the header x-api-key',
      { form: 'x-api-key' },
      { headers: { 'x-api-key': 'redacted-1' }, target: /realtime\?type=fast$/ },
    ],
    [
      'scriptix-stream',
      'a part of the path',
      { query: { url: '/en-appointment.mp3' } },
      { target: /^\/v2\/client\/redacted-1\?/ },
    ],
    ['reson8', 'an API key', {}, { headers: { authorization: 'ApiKey redacted-1' } }],
    ['reson8', 'a bearer token', { form: 'bearer' }, { headers: { authorization: 'Bearer redacted-1' } }],
    [
      'reson8',
      'a subprotocol',
      { form: 'subprotocol' },
      { headers: { 'sec-websocket-protocol': 'bearer, redacted-1' } },
    ],
    ['reson8', 'nothing if it is to be missing', { credential: 'missing' }, { absent: 'authorization' }],
    ['scriptix', 'the token of the scenario', { token: 'my-own-key' }, { target: /token=redacted-1/ }],
  ])('of %s as %s', async (dialect, _what, given, request) => {
    await using streams = await serveStreams();
    const { events } = await play({ ...given, steps: [{ close: 1000 }] }, dialect, {
      streamSource: streams.url,
    });
    const [made] = of(events, 'request');
    if ('target' in request) expect(made?.target).toMatch(request.target);
    if ('absent' in request) expect(made?.headers).not.toHaveProperty(request.absent);
    if ('headers' in request) expect(made?.headers).toMatchObject(request.headers);
  });
});

it('the player leaves out parameters, and replaces them', async () => {
  const { events } = await play({ query: { type: false, language: 'nl' }, steps: [{ close: 1000 }] });
  expect(of(events, 'request')[0]?.target).toBe('/v2/realtime?token=redacted-1&language=nl');
});

it('the player plays sessions one after the other, or at once, each with its role', async () => {
  const sessions = [
    { role: 'base', steps: ['start', { audio: '4s' }, { close: 1000 }] },
    { role: 'chunks', steps: ['start', { audio: { silence: true, for: '4s' } }, { close: 1000 }] },
  ];
  const began = (events: readonly TraceEvent[]) => {
    const [first, second] = of(events, 'request');
    const end = of(events, 'end').find(({ session }) => session === 's1');
    return { secondMs: second?.atMs ?? 0, firstEndMs: end?.atMs ?? 0, first };
  };
  const inTurn = await play({ sessions });

  expect(began(inTurn.events).secondMs).toBeGreaterThanOrEqual(began(inTurn.events).firstEndMs);

  const atOnce = await play({ 'at-once': true, sessions });
  expect(began(atOnce.events).secondMs).toBeLessThan(began(atOnce.events).firstEndMs);
  expect(
    of(atOnce.events, 'context')
      .map(({ about }) => about.role ?? about.audio?.content)
      .sort(),
  ).toEqual(['base', 'chunks', 'silence', 'speech']);
});

it('the player calls the REST API', async () => {
  const { events } = await play([{ call: 'status' }, { call: 'initialize' }], 'scriptix-rest');

  expect(
    of(events, 'request').map(({ method, target, headers }) => [method, target, headers['x-zoom-s2t-key']]),
  ).toEqual([
    ['GET', '/api/v4/realtime/status', 'redacted-1'],
    ['POST', '/api/v4/realtime/initialize', 'redacted-1'],
  ]);
  expect(of(events, 'response').map(({ status }) => status)).toEqual([200, 200]);
});

it('the player serves its recordings to a server, and records which one was fetched', async () => {
  await using streams = await serveStreams();
  const client = { query: { url: '/en-appointment.mp3' }, steps: [{ await: 'partial' }, { close: 1000 }] };
  const { events, failures } = await play(client, 'scriptix-stream', { streamSource: streams.url });

  expect(failures).toEqual([]);
  expect(events[0]).toMatchObject({
    kind: 'context',
    about: { source: 'mp3', fetched: { recording: 'en-appointment.mp3', ms: 7704 } },
  });
});

it.each([
  ['/en-appointment.mp3', 'en-appointment.mp3'],
  ['/nl-afspraak.mp3', 'nl-afspraak.mp3'],
  ['/en-appointment-hls/segment-0.mp3', 'en-appointment.mp3'],
  ['/nl-afspraak-hls/segment-0.mp3', 'nl-afspraak.mp3'],
])(
  'the player knows of which recording %s is the beginning, and how long that is',
  async (path, recording) => {
    await using streams = await serveStreams();
    const bytes = new Uint8Array(await (await fetch(`${streams.url}${path}`)).arrayBuffer());
    const whole = fixtureFile(recording);
    // The frames of a segment follow a tag with its time.
    const frames = bytes.subarray(bytes.length % 144);

    expect(Buffer.from(frames).equals(Buffer.from(whole).subarray(0, frames.length))).toBe(true);
    expect(knownOf(path).fetched).toEqual({ recording, ms: frames.length / 4 });
  },
);

it('the player does not recognise other audio, nor audio that is not the beginning', () => {
  expect(knownOf('/constructor')).toEqual({});
  expect(knownOf('/missing.mp3')).toEqual({ source: 'missing' });
  expect(knownOf('/en-appointment-hls/segment-1.mp3')).toEqual({});
  expect(knownOf(false)).toEqual({});
});

it.each([
  ['/en-appointment.mp3', 200],
  ['/en-appointment-hls/media.m3u8', 200],
  ['/recordings/en-appointment.mp3?sv=2024-11-04&sr=b&sp=r&sig=c3R1ZHk%2Fc3R1ZHk%3D', 200],
  ['/recordings/en-appointment.mp3', 403],
  ['/protected.mp3', 401],
  ['/missing.mp3', 404],
  ['/constructor', 404],
])('the player answers a request for %s with %i', async (path, status) => {
  await using streams = await serveStreams();
  expect((await fetch(`${streams.url}${path}`)).status).toBe(status);
});

it('the player stops waiting for a message that never comes, and names it', async () => {
  await using server = await startHandMade([{ afterMs: 5000 }], realClock());
  const scenario = scenarioOf(undefined, {
    client: ['start', { await: { for: 'final', limit: '100ms' } }, 'hang'],
  });
  const stop = new AbortController();
  const target = targetAt(`ws://127.0.0.1:${server.port}`, { signal: stop.signal, controlMs: 200 });
  const playing = playScenario(scenario, target, 'x');
  target.clock.at(target.clock.now() + 500, () => stop.abort());
  const { events } = await playing;

  expect(events.at(-1)).toMatchObject({ kind: 'end', by: 'client' });
});

// Two simultaneous flushes show whether a server mixes up confirmations; without meetings they were a matter of chance.
describe('sessions that meet', () => {
  const speaking = (...steps: readonly unknown[]) => ({
    sessions: steps.map((each) => ({ 'at-once': true, query: {}, steps: each })),
  });
  const meets = (audio: string, id: string) => [
    { audio },
    'meet',
    { flush: id },
    { await: { for: 'confirmation', limit: '8s' } },
    { close: 1000 },
  ];
  const flushes = (events: readonly TraceEvent[]) =>
    events.flatMap((event, i) =>
      event.kind === 'text' && event.from === 'client' ? [{ i, session: event.session }] : [],
    );

  it('continue at the same moment, however long each of them has taken', async () => {
    const { events, failures } = await play(
      speaking(meets('1s', 'a'), meets('3s', 'b'), meets('2s', 'c')),
      'reson8',
    );
    expect(failures).toEqual([]);

    const all = flushes(events);
    expect(all.map(({ session }) => session).sort()).toEqual(['s1', 's2', 's3']);
    // Nothing happens in between.
    expect((all.at(-1)?.i ?? 0) - (all[0]?.i ?? 0)).toBe(2);
  });

  it('do not wait for sessions that have left, or have no meeting', async () => {
    const leaving = [{ audio: '500ms' }, { abort: 'reset' }, 'meet'];
    const alone = [{ audio: '500ms' }, { close: 1000 }];
    const { events, failures } = await play(speaking(meets('1s', 'a'), leaving, alone), 'reson8');

    expect(failures).toEqual([]);
    expect(flushes(events)).toHaveLength(1);
  });

  it('do not wait if there is only one', async () => {
    const { events } = await play({ query: {}, steps: meets('500ms', 'a') }, 'reson8');
    expect(flushes(events)).toHaveLength(1);
  });
});
