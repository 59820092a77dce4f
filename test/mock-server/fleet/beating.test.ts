import { describe, expect, it } from 'vitest';
import { keepBeating } from '../../../src/mock-server/fleet/beating.ts';
import { RedisConnection, type RedisClient } from '../../../src/mock-server/fleet/connection.ts';
import { BEAT, KEY_NAMES, RESTORE } from '../../../src/mock-server/fleet/scripts.ts';
import { SharedState } from '../../../src/mock-server/fleet/shared.ts';
import { manualClock } from '../../../src/runtime/clock.ts';

/** A Redis that goes away: either it refuses connections, or it swallows what is sent to it. */
class Away {
  state: 'there' | 'refuses' | 'swallows' = 'there';
  isEmpty = false;
  attempts = 0;
  readonly #now: () => number;
  #settledMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  client(): RedisClient {
    let fail: (error: unknown) => void = () => undefined;
    this.lose.push(() => fail(new Error('ended')));
    return {
      connect: () => {
        this.attempts += 1;
        return this.#answered(() => true);
      },
      sendCommand: ([, sha = '', , ...rest]) =>
        this.#answered(() => this.#run(sha, rest.slice(KEY_NAMES.length))),
      destroy: () => undefined,
      on(event, listener) {
        if (event === 'error') fail = listener;
      },
    };
  }

  /** Ends the existing connections. */
  readonly lose: (() => void)[] = [];

  #answered<T>(answer: () => T): Promise<T> {
    if (this.state === 'swallows') return new Promise<T>(() => undefined);
    return this.state === 'refuses' ? Promise.reject(new Error('refused')) : Promise.resolve(answer());
  }

  #run(sha: string, args: readonly string[]): readonly unknown[] {
    if (sha === RESTORE.sha) {
      const { settleMs } = JSON.parse(args[3] ?? '') as { settleMs: number };
      this.isEmpty = false;
      // Another replica that was there never comes back.
      this.#settledMs = this.#now() + settleMs;
      return ['ok', 'born.1'];
    }
    if (this.isEmpty) return ['empty'];
    if (sha !== BEAT.sha) throw new Error('only heartbeats are expected');
    const isSettling = this.#now() < this.#settledMs;
    return ['ok', this.#now(), 0, 0, isSettling ? 1 : 0, 'r1', 'http://127.0.0.1:1', 0];
  }
}

/** How long Redis is away: longer than any wait of a replica. */
const AWAY_MS = 10_000;
const STEP_MS = 20;

/** How long it takes a replica to recover when Redis is back, and how often it tried to connect in the meantime. */
async function backAfter(how: 'refuses' | 'swallows', isEmpty: boolean, phaseMs: number) {
  const wall = manualClock();
  const redis = new Away(() => wall.now());
  const connection = new RedisConnection(() => redis.client(), [...KEY_NAMES], wall);
  const shared = new SharedState({
    ...{ connection, wall, address: 'http://127.0.0.1:1' },
    entered: {
      ...{ epoch: 'epoch', birth: 'born.0', secret: 'secret', config: '{}' },
      ...{ originMs: 0, ordinal: 1, nowMs: 0 },
    },
    apply: () => Promise.resolve(),
    onSeen: () => undefined,
    sessions: () => ({ ids: [], waiting: [] }),
  });
  const stop = keepBeating(wall, shared, () => undefined);
  await wall.advance(3000 + phaseMs);
  expect(shared.isThere).toBe(true);
  redis.attempts = 0;
  redis.state = how;
  if (how === 'refuses') for (const lose of redis.lose) lose();
  await wall.advance(AWAY_MS);
  expect(shared.isThere).toBe(false);
  const { attempts } = redis;
  redis.state = 'there';
  redis.isEmpty = isEmpty;
  const backMs = wall.now();
  while (!shared.isThere && wall.now() < backMs + 60_000) await wall.advance(STEP_MS);
  stop();
  connection.end();
  return { afterMs: wall.now() - backMs, attempts };
}

/** The moments, in the cycle of waiting and trying, at which Redis is back. */
const PHASES = Array.from({ length: 40 }, (_, at) => at * 50);

describe('when Redis is back, a replica', () => {
  it.each([
    ['refused connections', 'refuses', false, 1000],
    ['refused connections, and comes back empty', 'refuses', true, 5000],
    ['swallowed what was sent', 'swallows', false, 5000],
    ['swallowed what was sent, and comes back empty', 'swallows', true, 5000],
  ] as const)('recovers within the documented time if Redis %s', async (_what, how, isEmpty, mostMs) => {
    const all = [];
    for (const phaseMs of PHASES) all.push(await backAfter(how, isEmpty, phaseMs));

    expect(Math.max(...all.map(({ afterMs }) => afterMs))).toBeLessThanOrEqual(mostMs);
    // Redis was away for ten seconds; a connection without an answer is given up after 1.5 s.
    expect(Math.min(...all.map(({ attempts }) => attempts))).toBeGreaterThanOrEqual(
      how === 'refuses' ? 20 : 4,
    );
  });
});
