import { describe, expect, it } from 'vitest';
import { withStallNotes } from '../../../src/conformance/judge/stall-notes.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import type { Stall } from '../../../src/runtime/stalls.ts';
import { final, partial } from '../invariants/scriptix/cases/case.ts';
import type { Peer, TraceEvent, TraceFact } from '../../../src/wire/trace.ts';
import { at, audio, close, events, heard, MICROPHONE, request, RESON8, response, said } from '../play.ts';

// A client that gave up a connection after 15 s was warned with "gave up after 13760 ms": the runner had read its
// request late, and relied on what it had measured.
const end = (by: 'client' | 'server'): TraceFact => ({ kind: 'end', by, how: 'fin', code: 1006 });
const UPGRADE = request('/v2/realtime?token=redacted-1&type=fast', { Upgrade: 'websocket' });
const PING: TraceFact = { kind: 'ping', from: 'server', base64: '' };
const FLUSH = said({ type: 'flush_request', id: 'a' });

/** The side whose messages a runner reads when it judges this. */
function judgedBy(id: string): Peer {
  return /^(SX-CONN-019|SX-STATE-006|R8-FL-002)$/.test(id) ? 'server' : 'client';
}

/** The result of one requirement, in a trace by a runner with these stalls. */
function result(id: string, recorded: readonly TraceEvent[], stalls: readonly Stall[] = []) {
  const noted = withStallNotes(recorded, stalls, 0, judgedBy(id), TOLERANCES);
  const [only] = judgeTrace(noted, { only: [id] }).report.requirements;
  return only;
}

/** A finding that depends only on the time between its last two events. */
interface Case {
  readonly id: string;
  /** The events with this much time between them. */
  readonly shows: (ms: number) => readonly TraceEvent[];
  /** A time that is a finding. */
  readonly ms: number;
  /** Which end of the time must have been read late to excuse it. */
  readonly late: 'first' | 'last';
  /** How long the runner stands still (1500). A client may leave a runner that does so for a second. */
  readonly stallMs?: number;
}

const CASES: readonly Case[] = [
  { id: 'SX-CONN-021', ms: 13_760, late: 'first', shows: (ms) => events([UPGRADE, at(ms, end('client'))]) },
  { id: 'SX-CONN-018', ms: 18_500, late: 'last', shows: (ms) => events([UPGRADE, at(ms, end('client'))]) },
  { id: 'SX-CONN-018', ms: 19_188, late: 'last', shows: (ms) => events([UPGRADE, at(ms, response(101))]) },
  { id: 'SX-CONN-019', ms: 15_500, late: 'last', shows: (ms) => events([UPGRADE, at(ms, response(101))]) },
  {
    id: 'SX-STATE-006',
    ms: 15_500,
    late: 'last',
    shows: (ms) => events([...MICROPHONE.slice(0, 3), at(ms, heard({ state: 'loading' }))]),
  },
  {
    id: 'TR-002',
    ms: 5200,
    late: 'last',
    shows: (ms) => events([...MICROPHONE, PING, at(ms, end('server'))]),
  },
  {
    id: 'TR-005',
    ms: 5200,
    late: 'last',
    shows: (ms) => events([...MICROPHONE, close('server'), at(ms, end('server'))]),
  },
  {
    id: 'R8-FL-012',
    ms: 2500,
    late: 'first',
    stallMs: 900,
    shows: (ms) => events([...RESON8, FLUSH, at(ms, close('client'))]),
  },
  {
    id: 'R8-FL-002',
    ms: 5200,
    late: 'last',
    shows: (ms) => events([...RESON8, FLUSH, at(ms, close('client'))]),
  },
];
const FINDING = /^(fail|warn)$/;

describe.each(CASES)('$id', ({ id, shows, ms, late, stallMs = 1500 }) => {
  // Not at the very beginning: nothing can be later than the trace is long.
  const recorded = shows(ms).map((each) => ({ ...each, atMs: each.atMs + 10_000 }));
  const [first, last] = recorded.slice(-2).map(({ atMs }) => atMs) as [number, number];
  const endMs = late === 'first' ? first : last;
  const stallTo = (untilMs: number): Stall => ({ fromMs: untilMs - stallMs, untilMs });

  it('is a finding in a trace without stalls', () => {
    expect(result(id, recorded)?.verdict).toMatch(FINDING);
  });

  it('is undecided if the measured time is wrong by the length of a stall, with this reason', () => {
    // The timer and the event may come in either order, and there is much to read after a long stall.
    for (const untilMs of [endMs - 0.8 * stallMs, endMs - 90, endMs - 0.5, endMs + 5]) {
      const undecided = result(id, recorded, [stallTo(untilMs)]);
      expect(undecided).toMatchObject({
        verdict: 'inconclusive',
        actual: expect.stringContaining(`the runner did nothing for ${stallMs} ms`) as string,
      });
    }
  });

  it('is a finding if the runner stalled in between, or not for long enough', () => {
    const between = stallTo((first + last) / 2 + stallMs / 2);
    expect(result(id, recorded, [between])?.verdict).toMatch(FINDING);
    const short = { fromMs: endMs - 90, untilMs: endMs };
    expect(result(id, recorded, [short])?.verdict).toMatch(FINDING);
  });

  it('is a finding if the other end was read late', () => {
    const other = late === 'first' ? last : first;
    expect(result(id, recorded, [stallTo(other)])?.verdict).toMatch(FINDING);
  });
});

describe('a stall', () => {
  const quitsAfter = (ms: number) => events([UPGRADE, at(ms, end('client'))]);

  it('does not excuse a peer that is too early by more than its length', () => {
    const stall = { fromMs: 0, untilMs: 10 };
    expect(result('SX-CONN-021', quitsAfter(5000), [stall])?.verdict).toBe('warn');
  });

  it('does not excuse what does not depend on time', () => {
    const recorded = events([...MICROPHONE, heard({ text: 'x', type: 'partial', offset_ms: 'zero' })]);
    const verdict = judgeTrace(recorded).report.requirements.filter((each) => FINDING.test(each.verdict));
    expect(verdict).not.toEqual([]);
    const stalled = withStallNotes(recorded, [{ fromMs: 0, untilMs: 1000 }], 0, 'server', TOLERANCES);
    const again = judgeTrace(stalled).report.requirements.filter((each) => FINDING.test(each.verdict));
    expect(again.map(({ id }) => id)).toEqual(verdict.map(({ id }) => id));
  });

  it('in which both events were read hides the time between them', () => {
    const recorded = events([...RESON8, at(4000, FLUSH), close('client')]);
    const [flushMs = 0, closeMs = 0] = recorded.slice(-2).map(({ atMs }) => atMs);
    expect(result('R8-FL-012', recorded)?.verdict).toMatch(FINDING);
    const stall = { fromMs: flushMs - 3500, untilMs: closeMs - 1 };
    expect(result('R8-FL-012', recorded, [stall])?.verdict).toBe('inconclusive');
    const shorter = { fromMs: flushMs - 500, untilMs: closeMs - 1 };
    expect(result('R8-FL-012', recorded, [shorter])?.verdict).toMatch(FINDING);
  });

  // A client that crashed 15 ms after a message of the fake was excused if the fake had sent that after a stall.
  it('does not make earlier what the runner did itself', () => {
    const recorded = events([...RESON8, audio(500), at(4000, heard({ type: 'new' })), at(15, end('client'))]);
    const [sentMs = 0] = recorded.slice(-2).map(({ atMs }) => atMs);
    expect(result('R8-MSG-005', recorded)?.verdict).toMatch(FINDING);
    const stall = { fromMs: sentMs - 3500, untilMs: sentMs - 150 };
    expect(result('R8-MSG-005', recorded, [stall])?.verdict).toMatch(FINDING);
  });

  // A client gave up a connection on which nothing had come for seconds, and was accused of leaving without a Close
  // frame, of not surviving what it had never read, and of not answering pings.
  describe('after which a peer may think that the runner has gone', () => {
    const dropped: TraceFact = { kind: 'end', by: 'client', how: 'reset', code: 1006 };
    const cases: readonly (readonly [string, string, readonly TraceFact[]])[] = [
      ['SX-ERR-004', 'is dropped', [...MICROPHONE, audio(500), at(3500, dropped)]],
      ['SX-ERR-004', 'is closed because it seems dead', [...MICROPHONE, at(3500, close('client', 1011))]],
      [
        'SX-STATE-007',
        'is dropped',
        [...MICROPHONE, audio(500), heard({ state: 'warming_up' }), at(3500, dropped)],
      ],
      ['R8-MSG-005', 'is dropped', [...RESON8, audio(500), heard({ type: 'new' }), at(3500, dropped)]],
      ['R8-FL-012', 'is closed', [...RESON8, FLUSH, at(2500, close('client'))]],
      ['TR-002', 'is dropped', [...MICROPHONE, audio(500), PING, at(5200, dropped)]],
    ];

    it.each(cases)('%s is undecided where a connection %s in it or just after it', (id, _, facts) => {
      const recorded = events(facts).map((each) => ({ ...each, atMs: each.atMs + 10_000 }));
      const endMs = recorded.at(-1)?.atMs ?? 0;
      const stallTo = (untilMs: number): Stall => ({ fromMs: untilMs - 3000, untilMs });

      expect(result(id, recorded)?.verdict).toMatch(FINDING);
      for (const untilMs of [endMs - 1500, endMs - 20, endMs + 1]) {
        expect(result(id, recorded, [stallTo(untilMs)])).toMatchObject({
          verdict: 'inconclusive',
          actual: expect.stringMatching(/the runner did nothing for 3000 ms then/) as string,
        });
      }
    });

    it.each(cases)('%s is a finding where it %s after a shorter one, or well after it', (id, _, facts) => {
      const recorded = events(facts).map((each) => ({ ...each, atMs: each.atMs + 10_000 }));
      const endMs = recorded.at(-1)?.atMs ?? 0;

      const short = { fromMs: endMs - 610, untilMs: endMs - 10 };
      const before = { fromMs: endMs - 9000, untilMs: endMs - 6000 };
      // The measurement may be wrong by this much.
      if (!/^(TR|R8-FL)/.test(id)) expect(result(id, recorded, [short])?.verdict).toMatch(FINDING);
      expect(result(id, recorded, [before])?.verdict).toMatch(FINDING);
    });

    // The service read the audio of a client that had gone, and said words about it, before it read that it had gone.
    it('excuses a client that was only answered after it, but none that was sent something else', () => {
      const recorded = (...facts: readonly TraceFact[]) =>
        events([...MICROPHONE, at(8000, audio(500)), ...facts, at(400, dropped)]);
      const endMs = recorded().at(-1)?.atMs ?? 0;
      const stall = { fromMs: endMs - 6500, untilMs: endMs - 500 };
      const verdict = (...facts: readonly TraceFact[]) => {
        return result('SX-ERR-004', recorded(...facts), [stall])?.verdict;
      };

      expect(verdict(partial('the cat'), audio(500), final('the cat sat'))).toBe('inconclusive');
      expect(verdict(heard({ state: 'listening' }))).toBe('inconclusive');
      expect(verdict(heard({ news: 'none' }))).toMatch(FINDING);
    });

    // The service sent a message of an unknown type, which was due, before it read that its client had gone.
    it('excuses a client that was sent something directly after it, before the end could be read', () => {
      const verdict = (afterMs: number) => {
        const facts = [...RESON8, audio(500), at(8000, heard({ type: 'new' })), at(400, dropped)];
        const recorded = events(facts);
        const sentMs = (recorded.at(-1)?.atMs ?? 0) - 400;
        const stall = { fromMs: sentMs - 6500, untilMs: sentMs - afterMs };
        return result('R8-MSG-005', recorded, [stall])?.verdict;
      };

      for (const afterMs of [0, 90]) expect(verdict(afterMs)).toBe('inconclusive');
      for (const afterMs of [110, 1000]) expect(verdict(afterMs)).toMatch(FINDING);
    });

    it('does not excuse what was sent on the connection', () => {
      const text = said({ audio: 'A'.repeat(400) });
      const recorded = events([...RESON8, at(13_500, text), at(5, dropped)]);
      const endMs = recorded.at(-1)?.atMs ?? 0;
      const stall = { fromMs: endMs - 3000, untilMs: endMs + 1 };

      expect(result('R8-MSG-003', recorded, [stall])?.verdict).toMatch(FINDING);
    });
  });

  // The service stood still three times in a second and a half: its last final may not have been under way for a second.
  it('is no time in which a message arrives', () => {
    const final = (text: string) => heard({ type: 'transcript', text, is_final: true });
    const kept: TraceFact = { kind: 'report', report: { event: 'final', text: 'one' } };
    const heardLate = [at(360, audio(300)), at(350, audio(300)), at(350, audio(300))];
    const recorded = events([
      ...RESON8,
      final('one'),
      kept,
      final('two'),
      ...heardLate,
      at(440, end('client')),
    ]);
    const endMs = recorded.at(-1)?.atMs ?? 0;
    const stalls = [1450, 1100, 750].map((ago) => ({ fromMs: endMs - ago, untilMs: endMs - ago + 300 }));

    expect(result('R8-TR-016', recorded)?.verdict).toMatch(FINDING);
    expect(result('R8-TR-016', recorded, stalls)?.verdict).not.toMatch(FINDING);
  });

  it('is noted once in a session, after the first event that was read in it, and only if there is one', () => {
    const recorded = events(
      [UPGRADE, at(100, response(101)), heard({ state: 'loading' }), at(5000, end('client'))],
      [at(105, UPGRADE)],
    );
    const stalls = [
      { fromMs: 20, untilMs: 112 },
      { fromMs: 2000, untilMs: 3000 },
    ];
    const noted = withStallNotes(recorded, stalls, 0, 'client', TOLERANCES);
    const notes = noted.flatMap((each, i) =>
      each.kind === 'note' ? [{ ...each, after: noted[i - 1] }] : [],
    );

    expect(notes.map(({ session, stall, after }) => [session, stall, after?.kind])).toEqual([
      ['s2', { ...stalls[0], readFrom: 'client' }, 'request'],
      ['s1', { ...stalls[0], readFrom: 'client' }, 'response'],
    ]);
    expect(noted.filter(({ kind }) => kind !== 'note')).toEqual(recorded);
  });

  it('that was over before the events began does not affect them', () => {
    expect(
      withStallNotes(quitsAfter(100), [{ fromMs: 1000, untilMs: 1200 }], 1201, 'client', TOLERANCES),
    ).toEqual(quitsAfter(100));
  });

  it('is noted on the clock of the events, whenever that of the runner began', () => {
    const noted = withStallNotes(
      quitsAfter(100),
      [{ fromMs: 1000, untilMs: 1200 }],
      1110,
      'client',
      TOLERANCES,
    );
    expect(noted[1]).toMatchObject({ kind: 'note', stall: { fromMs: 0, untilMs: 90 } });
  });
});
