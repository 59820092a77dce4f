import { expect, it } from 'vitest';
import { keptOf } from '../../../src/conformance/client/kept.ts';
import { playAll } from '../../../src/conformance/client/play-all.ts';
import { troublesOf } from '../../../src/conformance/client/troubles.ts';
import { Room } from '../../../src/conformance/wire-client/room.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { scripted } from './scripted.ts';

const MIB = 2 ** 20;

function text(session: string, atMs: number): TraceEvent {
  return { session, atMs, kind: 'text', from: 'client', text: '{}' };
}

function end(session: string, atMs: number): TraceEvent {
  return { session, atMs, kind: 'end', how: 'close', code: 1000 };
}

it('a play is kept whole if there is room for it', () => {
  const events = [text('s1', 1), text('s2', 2), end('s1', 3)];
  expect(keptOf(events, new Room({ events: 10, bytes: MIB }))).toEqual({ events, dropped: 0 });
});

it('a larger play is kept as far as there is room, with every end, and a note on the rest for each session', () => {
  const room = new Room({ events: 2, bytes: MIB });
  const recorded = [text('s1', 1), text('s2', 2), text('s1', 3), text('s2', 4), text('s1', 5), end('s1', 6)];
  const { events, dropped } = keptOf(recorded, room);

  expect(dropped).toBe(3);
  expect(events).toMatchObject([
    text('s1', 1),
    text('s2', 2),
    { session: 's1', atMs: 3, kind: 'note', dropped: 2 },
    { session: 's2', atMs: 4, kind: 'note', dropped: 1 },
    end('s1', 6),
  ]);
  expect(room.isFull).toBe(true);
});

it('the existence of a connection is always kept', () => {
  const room = new Room({ events: 0, bytes: MIB });
  const request: TraceEvent = {
    session: 's1',
    atMs: 1,
    kind: 'request',
    method: 'GET',
    target: '/',
    headers: {},
  };

  expect(keptOf([request, text('s1', 2)], room)).toMatchObject({
    events: [request, { kind: 'note' }],
    dropped: 1,
  });
});

it('as many reports of the client are kept as there is room for', () => {
  const report: TraceEvent = { session: 's1', atMs: 1, kind: 'report', report: { text: 'x'.repeat(MIB) } };
  const { events, dropped } = keptOf([report, end('s1', 2)], new Room({ events: 10, bytes: MIB }));
  expect([events.map(({ kind }) => kind), dropped]).toEqual([['note', 'end'], 1]);
});

it('events for which the fake itself had no room are counted', () => {
  const note: TraceEvent = { session: 's1', atMs: 1, kind: 'note', message: 'gone', dropped: 7 };
  expect(keptOf([note], new Room({ events: 10, bytes: MIB }))).toEqual({ events: [note], dropped: 7 });
});

// Each scenario kept everything that a client flooded it with: a run took more than a gigabyte.
it('no more scenarios are played when a client has sent more than is kept of a run', async () => {
  const room = new Room({ events: 100, bytes: MIB });
  await using client = await scripted(
    `const ws = connect(); ws.on('error', () => undefined);
     ws.on('open', () => { for (let n = 0; n < 1000; n++) ws.send('{"action":"start"}'); ws.close(1000); });`,
    { room },
  );
  const scenarios = ['happy-path', 'warm-model'];
  const all = await playAll(scenarios, { ...client.options, concurrency: 1 });

  expect(all.map(({ kind }) => kind)).toEqual(['played', 'not-played']);

  const [first] = all;
  const play = first?.kind === 'played' ? first.play : undefined;
  expect(play?.dropped).toBeGreaterThan(0);
  expect(play?.events.filter(({ kind }) => kind === 'text').length).toBeLessThanOrEqual(100);

  const { isCutShort, cause } = troublesOf(all, false);
  expect(isCutShort).toBe(true);
  expect(cause).toMatch(
    /^More events than are kept were sent in 1 of 2 scenarios: \d+ events were dropped\. The run was/,
  );
});
