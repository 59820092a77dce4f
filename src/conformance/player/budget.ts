import type { Clock } from '../../runtime/clock.ts';

/** The maximum cost of a run. Audio and sessions are what services charge for. */
export interface BudgetLimits {
  /** Milliseconds of audio in all sessions together. */
  readonly audioMs: number;
  /** Connections and calls. */
  readonly sessions: number;
  /** Milliseconds of wall time. */
  readonly timeMs: number;
}

/** How long a run may judge what it has seen after its time limit, so that there is time to write reports. */
const JUDGING_MS = 2000;
/**
 * What is left of that when a busy machine took longer to begin, or to end what was going on: enough for a run that saw
 * little.
 */
const LEAST_JUDGING_MS = 500;

/**
 * Judging begins now. Returns a function that says whether its time is up.
 *
 * @param endMs the time limit
 */
export function judgingTime(clock: Clock, endMs: number): () => boolean {
  const untilMs = Math.max(endMs + JUDGING_MS, clock.now() + LEAST_JUDGING_MS);
  return () => clock.now() > untilMs;
}

/** The cost of a play, or of a run so far. */
export interface Cost {
  /** Milliseconds of audio. */
  readonly audioMs: number;
  /** Connections and calls. */
  readonly sessions: number;
}

/**
 * Keeps a run within its limits. Plays that would exceed them are not started, and running plays end at the time limit.
 */
export class Budget implements Disposable {
  readonly limits: BudgetLimits;
  readonly #clock: Clock;
  readonly #beganMs: number;
  #audioMs = 0;
  #sessions = 0;
  #refusal: string | undefined;
  readonly #ending = new AbortController();
  readonly #disarm: () => void;
  /** The time limit, on the clock. */
  readonly endMs: number;

  /** @param spentMs how much of the time was used up before */
  constructor(limits: BudgetLimits, clock: Clock, spentMs = 0) {
    this.limits = limits;
    this.#clock = clock;
    this.#beganMs = clock.now() - spentMs;
    this.endMs = this.#beganMs + limits.timeMs;
    this.#disarm = clock.at(this.endMs, () => this.end(timeOf(limits)));
  }

  /** Aborted when the run must stop. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Ends running plays. @param reason the limit that was reached, in words */
  end(reason: string): void {
    this.#refusal ??= reason;
    this.#ending.abort();
  }

  /** Clears the timer. */
  [Symbol.dispose](): void {
    this.#disarm();
  }

  get spent(): Cost & { readonly timeMs: number } {
    return { audioMs: this.#audioMs, sessions: this.#sessions, timeMs: this.#clock.now() - this.#beganMs };
  }

  /** The limit that has refused something, in words; undefined while everything fitted. */
  get reached(): string | undefined {
    return this.#refusal;
  }

  /** Takes the cost of something, or refuses it. */
  take({ audioMs, sessions }: Cost): boolean {
    const { limits } = this;
    const reason =
      this.#audioMs + audioMs > limits.audioMs
        ? `--max-audio ${limits.audioMs / 1000}s`
        : this.#sessions + sessions > limits.sessions
          ? `--max-sessions ${limits.sessions}`
          : this.spent.timeMs > limits.timeMs
            ? timeOf(limits)
            : undefined;
    if (reason !== undefined) {
      this.#refusal ??= reason;
      return false;
    }
    this.#audioMs += audioMs;
    this.#sessions += sessions;
    return true;
  }
}

function timeOf({ timeMs }: BudgetLimits): string {
  return `--max-time ${timeMs / 1000}s`;
}
