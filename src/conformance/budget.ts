import type { Clock } from '../runtime/clock.ts';

/** What a run may cost at most: seconds of audio and sessions are what services charge for. */
export interface BudgetLimits {
  readonly audioMs: number;
  readonly sessions: number;
  /** Of wall time. */
  readonly timeMs: number;
}

export interface Cost {
  readonly audioMs: number;
  readonly sessions: number;
}

/** Keeps a run within its limits. What would go over is not begun. */
export class Budget {
  readonly limits: BudgetLimits;
  private readonly clock: Clock;
  private readonly beganMs: number;
  private audioMs = 0;
  private sessions = 0;
  private refusal: string | undefined;

  constructor(limits: BudgetLimits, clock: Clock) {
    this.limits = limits;
    this.clock = clock;
    this.beganMs = clock.now();
  }

  get spent(): Cost & { readonly timeMs: number } {
    return { audioMs: this.audioMs, sessions: this.sessions, timeMs: this.clock.now() - this.beganMs };
  }

  /** Which limit has refused something, in words; undefined while everything fitted. */
  get reached(): string | undefined {
    return this.refusal;
  }

  /** Takes what something costs, or refuses it. */
  take({ audioMs, sessions }: Cost): boolean {
    const { limits } = this;
    const reason =
      this.audioMs + audioMs > limits.audioMs
        ? `--max-audio ${limits.audioMs / 1000}s`
        : this.sessions + sessions > limits.sessions
          ? `--max-sessions ${limits.sessions}`
          : this.spent.timeMs > limits.timeMs
            ? `--max-time ${limits.timeMs / 1000}s`
            : undefined;
    if (reason !== undefined) {
      this.refusal ??= reason;
      return false;
    }
    this.audioMs += audioMs;
    this.sessions += sessions;
    return true;
  }
}
