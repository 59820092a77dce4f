import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inHaste } from '../../../src/conformance/player/in-haste.ts';
import type { Played } from '../../../src/conformance/player/play-scenario.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';

// A flood leaves eighty times as much as a usual run. When the time was over, everything was judged: on a busy machine,
// a run with a limit of 15 s ended after half a minute.

/** A play gets at most an eighth of it. */
const ROOM = { events: 800, bytes: 80 * 2 ** 20 };

const message = (session: string, atMs: number): TraceEvent => ({
  ...{ session, atMs, kind: 'text', from: 'server' },
  text: '{}',
});
const end = (session: string, atMs: number): TraceEvent => ({
  ...{ session, atMs, kind: 'end', by: 'client', how: 'reset', code: 1006 },
});

/** A play with this many messages of one session. */
function playOf(name: string, count: number): Played {
  const events = Array.from({ length: count }, (_, i) => message('s1', i));
  return { name, beganMs: 0, failures: [], events: [...events, end('s1', count)] };
}

const countOf = (plays: readonly Played[]) => plays.reduce((sum, { events }) => sum + events.length, 0);

describe('when there is little time to judge a run,', () => {
  it('a short run stays as it is', () => {
    const plays = [playOf('one', 80), playOf('two', 90)];
    expect(inHaste(plays, ROOM)).toBe(plays);
  });

  it('only the beginning of a flood is kept, and the play says what is missing', () => {
    const [short, flood] = [playOf('short', 10), playOf('flood', 5000)];
    const [first, second] = inHaste([flood, short], ROOM);

    expect(second).toBe(short);
    expect(first?.events.slice(0, 90)).toEqual(flood.events.slice(0, 90));
    expect(first?.cut).toMatch(/the time was up before the rest/);

    const [note, last] = first?.events.slice(-2) ?? [];
    const kept = (first?.events.length ?? 0) - 2;
    expect(note).toMatchObject({ kind: 'note', session: 's1', dropped: 5000 - kept });
    expect(last).toEqual(flood.events.at(-1));
  });

  it('a few long messages count as much as many short ones', () => {
    const long = { ...message('s1', 0), text: 'x'.repeat(2 ** 20) } as TraceEvent;
    const flood = { ...playOf('long', 0), events: Array.from({ length: 50 }, () => long) };
    expect(inHaste([flood], ROOM)[0]?.events.filter((event) => event === long)).toHaveLength(5);
  });

  it('the other sessions of a play are distinguished', () => {
    const events = Array.from({ length: 400 }, (_, i) => message(i % 4 === 0 ? 's1' : 's2', i));
    const late = [message('s3', 400), end('s1', 401), end('s2', 402), end('s3', 403)];
    const [play] = inHaste([{ ...playOf('flood', 0), events: [...events, ...late] }], ROOM);

    const dropped = new Map(
      play?.events.flatMap((event) => (event.kind === 'note' ? [[event.session, event.dropped ?? 0]] : [])),
    );
    const [one = 0, other = 0] = [dropped.get('s1'), dropped.get('s2')];
    const kept = play?.events.filter(({ kind }) => kind === 'text').length ?? 0;
    expect(kept + one + other).toBe(events.length);
    expect(Math.min(one, other)).toBeGreaterThan(50);
    // Nothing is kept of a session that began later.
    expect(play?.events.some(({ session }) => session === 's3')).toBe(false);
  });

  it('not much more is kept than there is room for, and plays that fit into their share stay whole', () => {
    const counts = fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(counts, (all) => {
        const plays = all.map((count, i) => playOf(String(i), count));
        const left = inHaste(plays, ROOM);
        // The last event of each play, and a note and the end of each session come in addition.
        expect(countOf(left)).toBeLessThanOrEqual(ROOM.events + 3 * plays.length);
        expect(left.map(({ name }) => name)).toEqual(plays.map(({ name }) => name));
        for (const [i, play] of plays.entries()) {
          if (play.events.length <= Math.min(ROOM.events / plays.length, ROOM.events / 8) - 1)
            expect(left[i]).toBe(play);
        }
      }),
    );
  });
});
