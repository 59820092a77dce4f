import type { Clock } from '../runtime/clock.ts';

/** Something that has its own schedule. */
export interface Paced {
  /** Does what is due by now, and returns when the next thing is due; undefined if there is nothing more. */
  readonly step: (nowMs: number) => number | undefined;
}

/** The resolution of the schedule. One timer for everything is much cheaper than one for each frame. */
const SLOT_MS = 2;

/** Runs many schedules with one timer. */
export class Pacer {
  readonly #clock: Clock;
  readonly #slots = new Map<number, Paced[]>();
  #next: number | undefined;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(paced: Paced, dueMs: number): void {
    const slot = Math.ceil(dueMs / SLOT_MS);
    const there = this.#slots.get(slot);
    if (there === undefined) this.#slots.set(slot, [paced]);
    else there.push(paced);
    if (this.#next === undefined || slot < this.#next) this.#arm(slot);
  }

  stop(): void {
    this.#cancel();
    this.#slots.clear();
    this.#next = undefined;
  }

  #arm(slot: number): void {
    this.#cancel();
    this.#next = slot;
    this.#cancel = this.#clock.at(slot * SLOT_MS, () => this.#run());
  }

  #run(): void {
    const from = this.#next ?? 0;
    this.#next = undefined;
    const now = this.#clock.now();
    for (let slot = from; slot <= now / SLOT_MS; slot++) {
      const due = this.#slots.get(slot);
      if (due === undefined) continue;
      this.#slots.delete(slot);
      for (const paced of due) {
        const next = paced.step(now);
        if (next !== undefined) this.add(paced, Math.max(next, (slot + 1) * SLOT_MS));
      }
    }
    const [first] = this.#slots.keys();
    if (first === undefined) return;
    let lowest = first;
    for (const slot of this.#slots.keys()) if (slot < lowest) lowest = slot;
    this.#arm(lowest);
  }
}
