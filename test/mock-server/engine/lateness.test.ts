import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delay, isPrompt, PROMPT, type Lateness } from '../../../src/mock-server/engine/lateness.ts';
import { step } from '../../../src/mock-server/engine/step.ts';
import { dueMsOf, newSession } from '../../../src/mock-server/engine/state.ts';
import type { Effect } from '../../../src/mock-server/engine/messages.ts';
import { sniffingEar } from '../../../src/audio/ear.ts';
import { RAW_DEFAULT } from '../../../src/audio/format.ts';
import { scriptOf } from '../../support/engine.ts';
import { compile } from '../../support/scenarios/scenario.ts';

const said = (id: number): Effect => ({ kind: 'say', say: { kind: 'state', state: String(id) } });
const latency = (minMs: number, maxMs: number): Effect => ({
  kind: 'latency',
  spread: { kind: 'uniform', minMs, maxMs },
});

/** When each effect that goes in at these times comes out, with ticks when the queue asks for them. */
function deliver(seed: number, range: Effect, atMs: readonly number[]): { id: string; atMs: number }[] {
  const out: { id: string; atMs: number }[] = [];
  let lateness: Lateness = PROMPT;
  const feed = (effects: readonly Effect[], nowMs: number) => {
    const result = delay(seed, lateness, effects, nowMs);
    lateness = result.lateness;
    for (const effect of result.effects) {
      if (effect.kind === 'say' && effect.say.kind === 'state')
        out.push({ id: effect.say.state, atMs: nowMs });
    }
  };
  const tickUntil = (untilMs: number) => {
    for (let dueMs = lateness.queue[0]?.dueMs; dueMs !== undefined && dueMs <= untilMs;) {
      feed([], dueMs);
      dueMs = lateness.queue[0]?.dueMs;
    }
  };
  feed([range], 0);
  atMs.forEach((ms, id) => {
    tickUntil(ms);
    feed([said(id)], ms);
  });
  tickUntil(Infinity);
  return out;
}

const times = fc
  .array(fc.integer({ min: 0, max: 5000 }), { maxLength: 30 })
  .map((all) => [...all].sort((a, b) => a - b));
const range = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }));

describe('latency', () => {
  it('loses nothing, keeps the order, and delays each effect by a time in its range or until the one before is out', () => {
    fc.assert(
      fc.property(times, range, fc.nat(), (atMs, [minMs, spanMs], seed) => {
        const out = deliver(seed, latency(minMs, minMs + spanMs), atMs);
        expect(out.map(({ id }) => Number(id))).toEqual(atMs.map((_, id) => id));
        out.forEach(({ atMs: outMs }, i) => {
          const inMs = atMs[i] ?? 0;
          expect(outMs).toBeGreaterThanOrEqual(inMs + minMs);
          expect(outMs).toBeLessThanOrEqual(Math.max(inMs + minMs + spanMs, out[i - 1]?.atMs ?? 0));
        });
      }),
    );
  });

  it('varies within the range, depending on the seed', () => {
    const atMs = Array.from({ length: 50 }, (_, i) => i * 1000);
    const delays = (seed: number) =>
      deliver(seed, latency(100, 900), atMs).map((one, i) => one.atMs - (atMs[i] ?? 0));

    expect(new Set(delays(1)).size).toBeGreaterThan(40);
    expect(Math.max(...delays(1)) - Math.min(...delays(1))).toBeGreaterThan(500);
    expect(delays(1)).toEqual(delays(1));
    expect(delays(1)).not.toEqual(delays(2));
  });

  it('ends with a latency of 0, after what is still waiting', () => {
    let { lateness } = delay(1, PROMPT, [latency(100, 100), said(0)], 0);
    const next = delay(1, lateness, [latency(0, 0), said(1)], 50);
    expect(next.effects).toEqual([]);

    ({ lateness } = next);
    const out = delay(1, lateness, [], 100);
    expect(out.effects).toEqual([said(0), said(1)]);
    expect(isPrompt(out.lateness)).toBe(true);
  });

  it('keeps at most ten thousand effects; older ones come out immediately, in order', () => {
    const effects = Array.from({ length: 10_003 }, (_, id) => said(id));
    const { lateness, effects: ready } = delay(1, PROMPT, [latency(1000, 1000), ...effects], 0);

    expect(ready).toEqual([said(0), said(1), said(2)]);
    expect(lateness.queue).toHaveLength(10_000);
  });

  it('also delays the close of a session, which asks for ticks until everything is out', () => {
    const script = scriptOf(
      compile([{ latency: '200ms' }, { state: 'a' }, { wait: '100ms' }, { state: 'b' }, 'close']).steps,
    );
    let outcome = step(script, newSession(sniffingEar(RAW_DEFAULT)), { kind: 'open' }, 0);
    const log: string[] = [];
    for (let turns = 0; turns < 10; turns++) {
      const dueMs = dueMsOf(outcome.state);
      if (dueMs === undefined) break;
      outcome = step(script, outcome.state, { kind: 'tick' }, dueMs);
      for (const effect of outcome.effects) {
        log.push(
          `${dueMs} ${effect.kind === 'say' && effect.say.kind === 'state' ? effect.say.state : effect.kind}`,
        );
      }
    }

    expect(log).toEqual(['200 a', '300 b', '300 close']);
    expect(outcome.state.ended).toBe(true);
  });
});
