import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Budget, judgingTime } from '../../../src/conformance/player/budget.ts';
import { manualClock } from '../../../src/runtime/clock.ts';

const LIMITS = { audioMs: 10_000, sessions: 5, timeMs: 60_000 };

it.each([
  ['too much audio', { audioMs: 10_001, sessions: 1 }, '--max-audio 10s'],
  ['too many sessions', { audioMs: 0, sessions: 6 }, '--max-sessions 5'],
])('a budget refuses %s and names the limit', (_what, cost, reached) => {
  const budget = new Budget(LIMITS, manualClock());
  expect(budget.take(cost)).toBe(false);
  expect(budget.reached).toBe(reached);
});

it('a budget allows nothing to begin when its time is over', async () => {
  const clock = manualClock();
  const budget = new Budget(LIMITS, clock);
  await clock.advance(60_001);

  expect(budget.take({ audioMs: 0, sessions: 0 })).toBe(false);
  expect(budget.reached).toBe('--max-time 60s');
});

it('a budget never spends more than it has, and remembers its refusals', () => {
  const cost = fc.record({ audioMs: fc.nat(6000), sessions: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(cost), (costs) => {
      const budget = new Budget(LIMITS, manualClock());
      const taken = costs.map((each) => budget.take(each));
      expect(budget.spent.audioMs).toBeLessThanOrEqual(LIMITS.audioMs);
      expect(budget.spent.sessions).toBeLessThanOrEqual(LIMITS.sessions);
      expect(budget.reached === undefined).toBe(taken.every(Boolean));
      const sum = costs.reduce((all, { audioMs }, i) => all + (taken[i] === true ? audioMs : 0), 0);
      expect(budget.spent.audioMs).toBe(sum);
    }),
  );
});

// On a busy machine a process took three seconds to start, which were not counted.
it('a budget counts the time that was spent before it began', async () => {
  const clock = manualClock();
  const budget = new Budget(LIMITS, clock, 59_000);
  expect(budget.spent.timeMs).toBe(59_000);

  await clock.advance(1001);
  expect(budget.signal.aborted).toBe(true);
  expect(budget.reached).toBe('--max-time 60s');
});

// On a busy machine the program took more than two seconds to start, so nothing was judged with --max-time 1ms.
it.each([
  ['before the limit', 1000, 500, 2500],
  ['after the limit', 1000, 2000, 1000],
  ['long after the limit', 1000, 60_000, 500],
])('judging that begins %s has enough time, and no more', async (_when, endMs, beginsMs, takesMs) => {
  const clock = manualClock();
  await clock.advance(beginsMs);
  const isOver = judgingTime(clock, endMs);
  await clock.advance(takesMs);
  expect(isOver()).toBe(false);

  await clock.advance(1);
  expect(isOver()).toBe(true);
});
