import { describe, expect, it } from 'vitest';
import { withStallNotes } from '../../../src/conformance/judge/stall-notes.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import { counted } from '../../support/counted.ts';
import { SHAPES } from '../../support/long-traces.ts';

/** A runner that sometimes stood still may have seen everything too late; the number of these stalls stays the same. */
const STALLED = ['many sessions of Scriptix', 'results without a final mark'].map((name) => {
  const stalled = (count: number) => {
    const recorded = SHAPES[name]?.(count) ?? [];
    const places = [0.2, 0.4, 0.6, 0.8].map(
      (part) => recorded[Math.floor(recorded.length * part)]?.atMs ?? 0,
    );
    const stalls = places.map((untilMs) => ({ fromMs: untilMs - 400, untilMs }));
    return withStallNotes(recorded, stalls, 0, 'server', TOLERANCES);
  };
  return [`${name}, by a runner that stalled`, stalled] as const;
});

/** A trace of the same kind that is judged first, so that the time to compile everything is not measured. */
const FEW = 200;

// Each session was compared with all others, each flush with all open ones, and the whole session was searched
// for each message of a client: 40,000 events took four times as long as 20,000.
describe('judging twice as many events is twice as much work', () => {
  /** Twice the time, plus what a binary search adds. */
  const MOST = 2.2;
  const EVENTS = 2000;

  it.each([...Object.entries(SHAPES), ...STALLED])('%s', async (_what, shape) => {
    // Derived values are cached for each list of events, so each list is judged once.
    const judging = (count: number) => () => {
      const events = shape(count);
      return () => void judgeTrace(events);
    };
    const [work = 0, twice = 0] = await counted(judging(FEW), judging(EVENTS), judging(2 * EVENTS));

    expect(work).toBeGreaterThan(EVENTS);
    expect(twice / work).toBeLessThanOrEqual(MOST);
  });
});

// Work of the engine itself, such as copying a list, is not counted.
describe('judging twice as many events takes no more than three times as long', () => {
  const MOST = 3;
  const EVENTS = 8000;
  /** Both sizes are judged this many times in turn: the fastest of each counts, as a busy machine affects it least. */
  const ROUNDS = 5;

  it.each(['one session of Scriptix', 'one session of Reson8', 'flushes that are all open'])('%s', (name) => {
    const shape = SHAPES[name] ?? (() => []);
    const sizes = [shape(EVENTS), shape(2 * EVENTS)];
    const fastest = [Infinity, Infinity];
    judgeTrace(shape(FEW));
    for (let round = 0; round < ROUNDS && !(round > 0 && ratio(fastest) <= MOST); round++) {
      for (const [i, events] of sizes.entries()) {
        // Processor time of this process, so other processes on the machine do not count. The list caches what is
        // derived from it.
        const copy = [...events];
        const began = process.cpuUsage();
        judgeTrace(copy);
        const { user, system } = process.cpuUsage(began);
        fastest[i] = Math.min(fastest[i] ?? Infinity, user + system);
      }
    }

    expect(ratio(fastest)).toBeLessThanOrEqual(MOST);
  });
});

function ratio([small = 1, large = 1]: readonly number[]): number {
  return large / small;
}
