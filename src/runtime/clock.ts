import { clearTimeout, machineNowMs, monotonicNowMs, setImmediate, setTimeout } from './real-time.ts';
import { atEndOfTurn } from './turn.ts';

/**
 * Time as an argument. Everything that waits takes a Clock, so a test controls time, and `--speed` is implemented in
 * one place. All times are milliseconds of scenario time since the clock was created.
 */
export interface Clock {
  /** Scenario milliseconds since the clock was created; may be fractional, and never decreases. */
  now(): number;
  /** Calls `callback` once, when `now() >= dueMs`, never earlier. The returned function cancels it. */
  at(dueMs: number, callback: () => void): () => void;
  /** The number of waiting callbacks: a leak check for tests. */
  readonly pending: number;
}

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  /** Advances time by `ms` (at least 0), running due callbacks in order of their times. */
  advance(ms: number): Promise<void>;
}

/** A time as it is kept and shown: to a tenth of a millisecond, as anything finer is noise. */
export function inTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** Node's timers take at most a signed 32-bit number of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Before a callback that is later than this, in real time, what arrived in the meantime is read. */
const LATE_MS = 20;

/** Late callbacks of all real clocks that wait until everything has been read. */
let waitingCount = 0;

/**
 * The real clock, `speed` times faster than the wall (0.01 to 1000). Node runs timers before it reads, so a process that
 * was kept from running would act as if nothing had arrived while it was: it would give up an answer that is there, or
 * answer someone who has left. A late callback therefore comes after everything that is ready to be read.
 *
 * @param machineMs when it was 0, as `machineMsOf` of another process has it (now)
 */
export function realClock(speed = 1, machineMs?: number): Clock {
  return new RealClock(speed, machineMs);
}

/** Classes, so that the timers of thousands of sessions share one set of functions. */
class RealClock implements Clock {
  pending = 0;
  readonly speed: number;
  readonly #startedAt: number;

  constructor(speed: number, machineMs: number | undefined) {
    this.speed = speed;
    this.#startedAt = monotonicNowMs() - (machineMs === undefined ? 0 : machineNowMs() - machineMs);
  }

  now(): number {
    return (monotonicNowMs() - this.#startedAt) * this.speed;
  }

  at(dueMs: number, callback: () => void): () => void {
    const alarm = new Alarm(this, dueMs, callback);
    return () => alarm.cancel();
  }
}

class Alarm {
  readonly #clock: RealClock;
  readonly #dueMs: number;
  readonly #callback: () => void;
  #timer: NodeJS.Timeout;
  #isLive = true;

  constructor(clock: RealClock, dueMs: number, callback: () => void) {
    this.#clock = clock;
    this.#dueMs = dueMs;
    this.#callback = callback;
    clock.pending += 1;
    this.#timer = this.#armed();
  }

  ring(): void {
    const lateMs = (this.#clock.now() - this.#dueMs) / this.#clock.speed;
    // Node may fire a fraction of a millisecond early.
    if (lateMs < 0) {
      this.#timer = this.#armed();
      return;
    }
    // In order: none overtakes another that waits.
    if (lateMs <= LATE_MS && waitingCount === 0) return this.#act();
    waitingCount += 1;
    atEndOfTurn(() => {
      waitingCount -= 1;
      this.#act();
    });
  }

  cancel(): void {
    if (!this.#isLive) return;
    clearTimeout(this.#timer);
    this.#settle();
  }

  #armed(): NodeJS.Timeout {
    const waitMs = Math.max(0, this.#dueMs - this.#clock.now()) / this.#clock.speed;
    return setTimeout(ring, Math.min(Math.ceil(waitMs), LONGEST_TIMER_MS), this);
  }

  #act(): void {
    if (!this.#isLive) return;
    this.#settle();
    this.#callback();
  }

  #settle(): void {
    this.#isLive = false;
    this.#clock.pending -= 1;
  }
}

function ring(alarm: Alarm): void {
  alarm.ring();
}

/** When a real clock was 0, by a time that all processes of this machine share. */
export function machineMsOf(clock: Pick<Clock, 'now'>, speed: number): number {
  return machineNowMs() - clock.now() / speed;
}

/** What `machineMsOf` has for a clock that was 0 this many real milliseconds ago. */
export function machineMsBefore(elapsedMs: number): number {
  return machineNowMs() - elapsedMs;
}

/** A clock that stands still until it is advanced. */
export function manualClock(): ManualClock {
  let time = 0;
  let order = 0;
  const waiting = new Map<number, { dueMs: number; callback: () => void }>();
  const next = (untilMs: number) => {
    let found: number | undefined;
    let foundDueMs = untilMs;
    for (const [id, { dueMs }] of waiting) {
      if (dueMs < foundDueMs || (dueMs === foundDueMs && found === undefined)) {
        found = id;
        foundDueMs = dueMs;
      }
    }
    return found;
  };
  return {
    now: () => time,
    get pending() {
      return waiting.size;
    },
    at(dueMs, callback) {
      const id = order++;
      waiting.set(id, { dueMs, callback });
      return () => void waiting.delete(id);
    },
    async advance(ms) {
      const untilMs = time + Math.max(0, ms);
      for (;;) {
        // Whatever a callback resolves must run before the next one is chosen, because it may arm an earlier one.
        await settled();
        const id = next(untilMs);
        if (id === undefined) break;
        const due = waiting.get(id);
        waiting.delete(id);
        if (due === undefined) continue;
        time = Math.max(time, due.dueMs);
        due.callback();
      }
      time = untilMs;
    },
  };
}

/** Lets pending promises and socket events arrive. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
