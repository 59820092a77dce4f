import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientEndIn, programEndOf } from '../../../../src/conformance/client/reports/ending.ts';
import { mergeEvents } from '../../../../src/conformance/client/reports/merge.ts';
import type { TimedFact } from '../../../../src/conformance/client/reports/reports.ts';
import { conversationsOf } from '../../../../src/conformance/conversation/conversation.ts';
import type { TraceEvent, TraceFact } from '../../../../src/wire/trace.ts';

const upgrade: TraceFact = {
  kind: 'request',
  method: 'GET',
  target: '/v2/realtime',
  headers: { Upgrade: 'websocket' },
};
const call: TraceFact = { kind: 'request', method: 'GET', target: '/api/v4/realtime/status', headers: {} };
const answer = (status: number): TraceFact => ({ kind: 'response', status, headers: {} });
const end: TraceFact = { kind: 'end', by: 'server', how: 'fin', code: 1006 };
const text: TraceFact = { kind: 'text', from: 'server', text: '{}' };
const at = (session: string, atMs: number, fact: TraceFact): TraceEvent => ({ session, atMs, ...fact });
const report = (atMs: number): TimedFact => ({ atMs, fact: { kind: 'report', report: { event: 'r' } } });

/** Where the reports are, as `session@place`. */
function places(recorded: readonly TraceEvent[], ...timesMs: readonly number[]): readonly string[] {
  const merged = mergeEvents(recorded, timesMs.map(report), { scenario: 'x' });
  return merged.flatMap((event, i) => (event.kind === 'report' ? [`${event.session}@${i}`] : []));
}

describe('a report', () => {
  const one = [at('s1', 10, upgrade), at('s1', 11, answer(101)), at('s1', 20, text), at('s1', 30, end)];

  it('before any request has a session of its own', () => {
    expect(places(one, 5)).toEqual(['s0@1']);
    expect(places([], 5)).toEqual(['s0@1']);
  });

  it('is placed by its time, after events on the wire at the same time', () => {
    // The first is the context of the session.
    expect(places(one, 15, 20, 20.04, 29.94)).toEqual(['s1@3', 's1@5', 's1@6', 's1@7']);
  });

  it('after the end belongs to the session that ended last', () => {
    expect(places(one, 99)).toEqual(['s1@5']);
  });

  it('belongs to the connection that began last, when several are open', () => {
    const two = [...one, at('s2', 15, upgrade), at('s2', 16, answer(101)), at('s2', 25, end)];
    expect(places(two, 14, 15, 24, 27, 31)).toEqual(['s1@3', 's2@6', 's2@9', 's1@11', 's1@13']);
  });

  it('belongs to the connection rather than to a call meanwhile, and to a call when there is nothing else', () => {
    const calls = [
      at('h1', 1, call),
      at('h1', 4, answer(200)),
      ...one,
      at('h2', 12, call),
      at('h2', 18, answer(200)),
    ];
    const sessions = places(calls, 2, 5, 15, 19, 31).map((place) => place.split('@')[0]);

    expect(sessions).toEqual(['h1', 'h1', 's1', 's1', 's1']);
  });

  it('belongs to an upgrade that waits for its answer, and to the next one when that was refused', () => {
    const refused = [
      at('h1', 1, upgrade),
      at('h1', 50, answer(503)),
      at('h1', 50, end),
      at('s1', 60, upgrade),
    ];
    expect(places(refused, 10, 55, 61).map((place) => place.split('@')[0])).toEqual(['h1', 'h1', 's1']);
  });
});

it('every session begins with the context of all', () => {
  const merged = mergeEvents([at('s1', 10, upgrade)], [report(1)], { scenario: 'happy-path' });

  expect(merged.map(({ session, kind }) => `${session} ${kind}`)).toEqual([
    's0 context',
    's0 report',
    's1 context',
    's1 request',
  ]);
  expect(conversationsOf(merged).map(({ context }) => context.scenario)).toEqual([
    'happy-path',
    'happy-path',
  ]);
});

it('merging always keeps everything, in order of time and of each session, and with the same outcome', () => {
  const kinds: readonly TraceFact[] = [upgrade, call, answer(101), answer(200), text, end];
  const event = fc.record({
    session: fc.constantFrom('s1', 's2', 'h1'),
    atMs: fc.nat(5),
    fact: fc.constantFrom(...kinds),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), fc.array(fc.nat(6), { maxLength: 5 }), (given, times) => {
      const recorded = given
        .sort((a, b) => a.atMs - b.atMs)
        .map(({ session, atMs, fact }) => at(session, atMs, fact));
      const told = times.map(report);
      const merged = mergeEvents(recorded, told, {});
      const without = merged.filter(({ kind }) => kind !== 'context');
      expect(without.length).toBe(recorded.length + told.length);
      expect(merged.map(({ atMs }) => atMs)).toEqual(merged.map(({ atMs }) => atMs).sort((a, b) => a - b));
      for (const session of ['s1', 's2', 'h1']) {
        const own = (events: readonly TraceEvent[]) =>
          events.filter((each) => each.session === session && !['report', 'context'].includes(each.kind));
        expect(own(merged)).toEqual(own(recorded));
      }
      expect(mergeEvents(recorded, told, {})).toEqual(merged);
    }),
  );
});

describe('the end of a program', () => {
  it.each([
    ['exited', { kind: 'exited', code: 3 }, 'exited 3'],
    ['was killed by a signal', { kind: 'signal', signal: 'SIGSEGV' }, 'killed by SIGSEGV'],
    ['ran out of time', { kind: 'timeout' }, 'timeout'],
    ['was stopped', { kind: 'stopped' }, 'stopped'],
    ['was not started', { kind: 'not-started', reason: 'why' }, 'not-started'],
  ] as const)('a client that %s is reported as such', (_what, outcome, client) => {
    const merged = mergeEvents([at('s1', 1, upgrade)], [programEndOf(outcome, 2)], {});
    expect(merged.at(-1)).toEqual(at('s1', 2, { kind: 'context', about: { client } }));
    expect(clientEndIn(merged)).toBe(client);
  });

  it('cannot be claimed by a client', () => {
    const forged: TimedFact = {
      atMs: 3,
      fact: { kind: 'report', report: { kind: 'context', about: { client: 'exited 0' } } },
    };

    expect(clientEndIn(mergeEvents([], [programEndOf({ kind: 'timeout' }, 2), forged], {}))).toBe('timeout');
    expect(clientEndIn(mergeEvents([], [forged], {}))).toBeUndefined();
  });
});
