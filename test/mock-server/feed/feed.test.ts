import { describe, expect, it } from 'vitest';
import { Feed, MOST_KEPT } from '../../../src/mock-server/feed/feed.ts';
import type { Progressed } from '../../../src/mock-server/feed/event.ts';
import { MOST_AT_A_TIME, progressIn } from '../../../src/mock-server/feed/progress.ts';
import type { Session } from '../../../src/mock-server/open-session.ts';
import { manualClock } from '../../../src/runtime/clock.ts';

function sessionWith(id: string, counts: { audioMs: number }): Session {
  return {
    id,
    results: 0,
    count: () => 0,
    get audioMs() {
      return counts.audioMs;
    },
  } as Partial<Session> as Session;
}

const nobody = { progressIn, onMore: () => undefined, onProgress: () => undefined };

describe('the feed', () => {
  it('keeps a limited number of events, and says how many are missing', () => {
    const clock = manualClock();
    const feed = new Feed({ clock, wall: clock, open: () => [] });
    feed.read(nobody);
    for (let i = 0; i < MOST_KEPT + 5; i++) feed.add({ event: 'clock', nowMs: i });
    const { events, missed, next } = feed.part(1, 2);

    expect([events.map(({ n }) => n), missed, next]).toEqual([[6, 7], 5, 8]);
    expect(feed.part(MOST_KEPT + 5, 10)).toMatchObject({ events: [{ n: MOST_KEPT + 5 }], missed: 0 });
    expect(feed.part(MOST_KEPT + 6, 10)).toEqual({ events: [], missed: 0, next: MOST_KEPT + 6 });
  });

  it('reports counters four times a second, and only those of sessions that have progressed', async () => {
    const wall = manualClock();
    const [moving, still] = [{ audioMs: 20 }, { audioMs: 0 }];
    const sessions = [sessionWith('s1', moving), sessionWith('s2', still)];
    const feed = new Feed({ clock: wall, wall, open: () => sessions });
    const told: (readonly Progressed[])[] = [];
    feed.read({ ...nobody, onProgress: (progressed) => told.push(progressed) });
    await wall.advance(249);

    expect(told).toEqual([]);

    for (let ms = 0; ms < 1000; ms += 50) {
      moving.audioMs += 50;
      await wall.advance(50);
    }

    expect(told).toHaveLength(4);
    expect(told.map((each) => each.map(({ id }) => id))).toEqual([['s1', 's2'], ['s1'], ['s1'], ['s1']]);
  });

  it('has no timer while it has no reader, and forgets what it kept after a while', async () => {
    const wall = manualClock();
    const feed = new Feed({ clock: wall, wall, open: () => [] });
    feed.add({ event: 'clock', nowMs: 0 });

    expect([wall.pending, feed.isOn]).toEqual([0, false]);

    const leave = feed.read(nobody);
    feed.add({ event: 'clock', nowMs: 1 });
    leave();
    await wall.advance(10_000);

    expect(feed.part(2, 10).events).toHaveLength(1);

    await wall.advance(25_000);
    expect([wall.pending, feed.isOn, feed.part(2, 10).events]).toEqual([0, false, []]);

    feed.read(nobody);
    expect(feed.part(1, 10)).toMatchObject({ events: [], missed: 2 });
  });

  it('reports events of which it knows only the number as a gap', () => {
    const clock = manualClock();
    const feed = new Feed({ clock, wall: clock, open: () => [], base: 1000 });
    feed.skip(2);
    let more = 0;
    feed.read({ ...nobody, onMore: () => (more += 1) });
    feed.add({ event: 'clock', nowMs: 0 });
    expect(feed.part(1001, 10)).toMatchObject({ events: [{ n: 1003 }], missed: 2, next: 1004 });

    feed.skip(3);
    feed.skip(0);
    feed.skip(-1);
    feed.add({ event: 'clock', nowMs: 1 });
    expect(feed.part(1004, 10)).toMatchObject({ events: [{ n: 1007 }], missed: 3, next: 1008 });
    expect(more).toBe(3);
  });

  it('counts the events of its own connections and calls separately', () => {
    const clock = manualClock();
    const feed = new Feed({ clock, wall: clock, open: () => [] });
    feed.add({ event: 'reset', parts: ['journal'] });
    feed.add({ event: 'request', id: 'h1', method: 'GET', path: '/', status: 200 });
    feed.add({ event: 'service', state: 'ready' });

    expect([feed.own, feed.next]).toEqual([1, 4]);
  });

  it('reports when it begins to keep events, and when it no longer does', async () => {
    const wall = manualClock();
    const kept: boolean[] = [];
    const feed = new Feed({ clock: wall, wall, open: () => [], onKept: (isKept) => kept.push(isKept) });
    const leave = feed.read(nobody);
    leave();
    await wall.advance(10_000);
    feed.read(nobody)();
    await wall.advance(29_000);
    expect(kept).toEqual([true]);

    await wall.advance(1000);
    feed.stop();
    expect(kept).toEqual([true, false]);
  });

  it('reports nothing after it has stopped', async () => {
    const wall = manualClock();
    const feed = new Feed({ clock: wall, wall, open: () => [] });
    const leave = feed.read({
      ...nobody,
      onMore: () => {
        throw new Error('It was told');
      },
    });
    feed.stop();
    feed.add({ event: 'clock', nowMs: 0 });
    leave();
    await wall.advance(60_000);

    expect(wall.pending).toBe(0);
  });
});

describe('the counters of many sessions', () => {
  it('are reported in several turns, so that each session has its turn', () => {
    const sessions = Array.from({ length: MOST_AT_A_TIME * 2 + 10 }, (_, i) =>
      sessionWith(`s${i}`, { audioMs: 1 }),
    );
    const seen = new Map<string, Progressed>();
    const told: string[] = [];
    let turn = 0;
    for (let i = 0; i < 3; i++) {
      const found = progressIn(sessions, seen, turn);
      turn = found.turn;
      told.push(...found.progressed.map(({ id }) => id));
    }

    expect(told).toEqual(sessions.map(({ id }) => id));
    expect(progressIn(sessions.slice(0, 3), seen, turn).progressed).toEqual([]);
    expect(seen.size).toBe(3);
  });
});
