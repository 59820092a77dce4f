import type { Clock } from '../../runtime/clock.ts';
import { frozenHint } from '../../runtime/frozen.ts';
import { Handout, type NextOptions } from '../session/handout.ts';
import type { Refusal } from './refusal.ts';

const MOST_KEPT = 1000;
/** The maximum number named when a wait fails. */
const MOST_TOLD = 3;

/** The upgrades that a server has refused. */
export class Refusals {
  readonly #handout: Handout<Refusal>;
  #all: Refusal[] = [];

  constructor(wall: Clock, waitMs: () => number) {
    const timer = (afterMs: number, callback: () => void) => wall.at(wall.now() + afterMs, callback);
    this.#handout = new Handout('nextRefusal()', timer, waitMs, () => this.told());
  }

  get all(): readonly Refusal[] {
    return this.#all;
  }

  add(refusal: Refusal, token: string | undefined): void {
    this.#all.push(refusal);
    if (this.#all.length > MOST_KEPT) this.#all.shift();
    this.#handout.hand(refusal, token);
  }

  next(options?: NextOptions): Promise<Refusal> {
    return this.#handout.next(options);
  }

  clear(why: string): void {
    this.#all = [];
    this.#handout.clear(why);
  }

  close(why: string): void {
    this.#handout.close(why);
  }

  /** What came instead, for the error of a wait for something else. */
  async told(opened?: number): Promise<string> {
    const connections = opened === undefined ? [] : [`connections so far: ${opened}`];
    const latest = this.#all
      .slice(-MOST_TOLD)
      .map(({ status, method, path }) => `${status} for ${method} ${path.slice(0, 100)}`);
    const refused = latest.length === 0 ? [] : [`refused: ${latest.join(', ')}`];
    const hint = await frozenHint();
    return [...connections, ...refused, ...(hint === '' ? [] : [hint])].map((each) => `; ${each}`).join('');
  }
}
