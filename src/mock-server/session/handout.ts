import { mistakeInWait } from './wait-options.ts';

/** Waits in real time: a test that waits for its client must not hang on a clock that stands still. */
export type RealTimer = (afterMs: number, callback: () => void) => () => void;

/** How long to wait for the next connection or refusal, and for which. */
export interface NextOptions {
  /** Real milliseconds to wait (the `waitMs` of the server). */
  readonly timeoutMs?: number;
  /** Cancels the wait. */
  readonly signal?: AbortSignal;
  /** Only for a client with this token, or with an access token made from this key; any by default. */
  readonly token?: string;
}

/** A wait that got nothing. */
export class NothingCame extends Error {
  /** The message without the name of the function, which a caller over HTTP has not called. */
  readonly why: string;

  /** @param call the function that was called */
  constructor(call: string, why: string, options?: ErrorOptions) {
    super(`${call}: ${why}`, options);
    this.why = why;
  }
}

interface Arrived<T> {
  readonly what: T;
  readonly token: string | undefined;
  readonly number: number;
}

interface Claim<T> {
  readonly isFor: (token: string | undefined) => boolean;
  readonly settle: (outcome: { readonly what: T } | Error) => void;
}

/** The maximum number of things kept for later calls; beyond it the oldest are forgotten. */
const MOST_WAITING = 1000;
/** More waits than this are refused; no test needs that many. */
const MOST_CLAIMS = 1000;

/** Hands out each thing once: to a caller that is waiting, or to the next one that asks. */
export class Handout<T> {
  readonly #name: string;
  readonly #timer: RealTimer;
  readonly #waitMs: () => number;
  /** Describes what came instead, for the error of a wait that got nothing. */
  readonly #told: () => string | Promise<string>;
  #arrived: Arrived<T>[] = [];
  #claims: Claim<T>[] = [];
  #closed: string | undefined;

  /** @param name of the function that tests call */
  constructor(name: string, timer: RealTimer, waitMs: () => number, told: () => string | Promise<string>) {
    this.#name = name;
    this.#timer = timer;
    this.#waitMs = waitMs;
    this.#told = told;
  }

  /**
   * @param number the order: of the things not asked for yet, the one with the lowest number is the oldest. By default
   * this is the latest
   */
  hand(what: T, token: string | undefined, number = Infinity): void {
    const claim = this.#claims.find(({ isFor }) => isFor(token));
    if (claim !== undefined) return claim.settle({ what });
    const later = this.#arrived.findIndex((other) => other.number > number);
    this.#arrived.splice(later < 0 ? this.#arrived.length : later, 0, { what, token, number });
    if (this.#arrived.length > MOST_WAITING) this.#arrived.shift();
  }

  /** The oldest one that was not handed out yet, or else the next one. */
  next(given: NextOptions = {}): Promise<T> {
    const mistake = mistakeInWait(this.#name, given, ['timeoutMs', 'signal', 'token']);
    if (mistake !== undefined) return quiet(Promise.reject(mistake));
    const { timeoutMs = this.#waitMs(), signal, token } = given;
    const cancelled = () => new NothingCame(this.#name, 'the wait was cancelled', { cause: signal?.reason });
    // A wait that was cancelled takes nothing from others.
    if (signal?.aborted === true) return quiet(Promise.reject(cancelled()));
    const isFor = (other: string | undefined) => token === undefined || token === other;
    const at = this.#arrived.findIndex((arrived) => isFor(arrived.token));
    const [found] = at < 0 ? [] : this.#arrived.splice(at, 1);
    if (found !== undefined) return Promise.resolve(found.what);
    if (this.#closed !== undefined) return quiet(Promise.reject(new NothingCame(this.#name, this.#closed)));
    if (this.#claims.length >= MOST_CLAIMS)
      return quiet(Promise.reject(new NothingCame(this.#name, `${MOST_CLAIMS} others are already waiting`)));
    return quiet(
      new Promise((resolve, reject) => {
        const claim: Claim<T> = {
          isFor,
          settle: (outcome) => {
            cancel();
            signal?.removeEventListener('abort', giveUp);
            this.#claims = this.#claims.filter((other) => other !== claim);
            if (outcome instanceof Error) reject(outcome);
            else resolve(outcome.what);
          },
        };
        const fail = async (why: string) => {
          const told = await this.#told();
          claim.settle(
            new NothingCame(this.#name, `${why}${token === undefined ? '' : ' with this token'}${told}`),
          );
        };
        const giveUp = () => claim.settle(cancelled());
        const cancel = this.#timer(
          timeoutMs,
          () => void fail(`nothing came within ${Math.round(timeoutMs)} ms`),
        );
        this.#claims.push(claim);
        signal?.addEventListener('abort', giveUp);
      }),
    );
  }

  /** Drops what was not asked for, and ends all waits. */
  clear(why: string): void {
    this.#arrived = [];
    for (const { settle } of this.#claims) settle(new NothingCame(this.#name, why));
  }

  /** Does the same, and refuses later waits. */
  close(why: string): void {
    this.#closed = why;
    this.clear(why);
  }
}

/** A rejected wait that no one looks at is not an unhandled rejection; a caller that does look at it gets its error. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
