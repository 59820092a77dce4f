import type { Clock } from '../../runtime/clock.ts';

/** What a run may cost at most. Audio and sessions are what services charge for. */
export interface BudgetLimits {
  /** Milliseconds of audio, all sessions together. */
  readonly audioMs: number;
  /** Connections and calls. */
  readonly sessions: number;
  /** Milliseconds of wall time. */
  readonly timeMs: number;
}

/** So long after the end of its time a run may judge what it has seen; then there is time to write reports. */
export const JUDGING_MS = 2000;

/** What a play costs, or what a run has cost so far. */
export interface Cost {
  /** Milliseconds of audio. */
  readonly audioMs: number;
  /** Connections and calls. */
  readonly sessions: number;
}

/** Keeps a run within its limits. What would go over is not begun, and what is under way ends with the time. */
export class Budget implements Disposable {
  readonly limits: BudgetLimits;
  readonly #clock: Clock;
  readonly #beganMs: number;
  #audioMs = 0;
  #sessions = 0;
  #refusal: string | undefined;
  readonly #ending = new AbortController();
  readonly #disarm: () => void;

  constructor(limits: BudgetLimits, clock: Clock) {
    this.limits = limits;
    this.#clock = clock;
    this.#beganMs = clock.now();
    this.#disarm = clock.at(this.#beganMs + limits.timeMs, () => this.end(timeOf(limits)));
  }

  /** Aborted when nothing more may be done. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Ends what is under way. @param reason the limit that was reached, in words */
  end(reason: string): void {
    this.#refusal ??= reason;
    this.#ending.abort();
  }

  /** Forgets the time. */
  [Symbol.dispose](): void {
    this.#disarm();
  }

  get spent(): Cost & { readonly timeMs: number } {
    return { audioMs: this.#audioMs, sessions: this.#sessions, timeMs: this.#clock.now() - this.#beganMs };
  }

  /** Whether so much more time has passed than there was. */
  isOverdue(ms: number): boolean {
    return this.spent.timeMs > this.limits.timeMs + ms;
  }

  /** Which limit has refused something, in words; undefined while everything fitted. */
  get reached(): string | undefined {
    return this.#refusal;
  }

  /** Takes what something costs, or refuses it. */
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
