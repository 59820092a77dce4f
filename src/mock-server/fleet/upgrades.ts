import type { Dialect } from '../../protocol/dialects.ts';
import type { Catalog } from '../../scenario/catalog.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import type { Names, Selecting } from '../selection/selection.ts';
import type { SharedlySelected, SharedUpgrades } from '../upgrade/shared.ts';
import type { SharedState } from './shared.ts';

/** A session that has a number and is not open yet. */
interface Opening {
  readonly over: Promise<void>;
  readonly end: () => void;
}

/** The same limit as for sessions that can be handed out. */
const MOST_UNCLAIMED = 1000;

/** What a replica decides about upgrades together with the others, and which of its sessions are about to open. */
export class Upgrades implements SharedUpgrades {
  readonly #shared: SharedState;
  readonly #names: Names;
  readonly #catalog: Catalog;
  readonly #opening = new Map<number, Opening>();
  /** Sessions that have not been handed out, with the marks of their tokens. */
  readonly #unclaimed = new Map<number, string>();

  constructor(shared: SharedState, names: Names, catalog: Catalog) {
    this.#shared = shared;
    this.#names = names;
    this.#catalog = catalog;
  }

  get unclaimed(): readonly (readonly [number, string])[] {
    return [...this.#unclaimed];
  }

  async select(dialect: Dialect, by: Selecting, mayOpen: () => boolean): Promise<SharedlySelected> {
    const { token } = by;
    const chosen: { scenario: Scenario | undefined } = { scenario: undefined };
    const { number, attempt } = await this.#shared.take(() => {
      const name = this.#names.nameFor(dialect, by);
      if (name === undefined) {
        chosen.scenario = undefined;
        return { isNumbered: mayOpen(), token, counted: undefined };
      }
      // An unknown name of a scenario is a mistake of the client, and nothing is counted.
      return this.#load(dialect, name).then((scenario) => {
        chosen.scenario = scenario;
        const counted = `a/${dialect}/${name}/${this.#shared.mark(token)}`;
        return { isNumbered: !answersUpgrades(scenario) && mayOpen(), token, counted };
      });
    });
    this.#begin(number, token);
    const { scenario } = chosen;
    return { selected: scenario === undefined ? undefined : { scenario, attempt }, number };
  }

  async number(token: string | undefined): Promise<number> {
    const number = await this.#shared.number(token);
    this.#begin(number, token);
    return number;
  }

  opened(number: number): void {
    this.#opening.get(number)?.end();
    this.#opening.delete(number);
  }

  discard(number: number): void {
    this.opened(number);
    this.#unclaimed.delete(number);
    this.#shared.discard(number);
  }

  unavailable(error: unknown): string | undefined {
    return error instanceof CannotTell ? error.message : undefined;
  }

  /** A session was handed out. Resolves when it is open, or never will be. */
  async handOut(number: number): Promise<void> {
    this.#unclaimed.delete(number);
    await this.#opening.get(number)?.over;
  }

  forgetUnclaimed(): void {
    this.#unclaimed.clear();
  }

  /** A scenario that this replica does not know may have been added since it last read the changes. */
  async #load(dialect: Dialect, name: string): Promise<Scenario> {
    try {
      return await this.#catalog.load(dialect, name);
    } catch {
      await this.#shared.current();
      return this.#catalog.load(dialect, name);
    }
  }

  #begin(number: number, token: string | undefined): void {
    if (number === 0) return;
    let end = () => {};
    const over = new Promise<void>((resolve) => (end = resolve));
    this.#opening.set(number, { over, end });
    this.#unclaimed.set(number, this.#shared.mark(token));
    if (this.#unclaimed.size <= MOST_UNCLAIMED) return;
    for (const oldest of this.#unclaimed.keys()) {
      this.#unclaimed.delete(oldest);
      return;
    }
  }
}

/** Whether a scenario decides on some attempt what happens to the upgrade. Such a session is numbered when it opens. */
function answersUpgrades(scenario: Scenario): boolean {
  const server: unknown = scenario.file.server;
  if (typeof server !== 'object' || server === null || Array.isArray(server)) return false;
  const attempts: unknown = 'attempts' in server ? server.attempts : [];
  const all: readonly unknown[] = [server, ...(Array.isArray(attempts) ? (attempts as unknown[]) : [])];
  return all.some(
    (each) => typeof each === 'object' && each !== null && ('handshake' in each || 'refusals' in each),
  );
}
