import { type Dialect, isSocket } from '../../protocol/dialects.ts';
import { DEFAULT_EDITIONS } from '../../protocol/editions.ts';
import { UserError } from '../../runtime/errors.ts';
import type { Catalog } from '../../scenario/catalog.ts';
import { planOf } from './plan.ts';
import { isFile } from './selection.ts';

interface Chosen {
  readonly names: ReadonlyMap<Dialect, string>;
  readonly isUnreachable: boolean;
}

const NONE: Chosen = { names: new Map(), isUnreachable: false };

/** The scenarios of the connections that select none. */
export class Defaults {
  readonly #catalog: Catalog;
  #current: Chosen = NONE;
  /** Those with which the server was started. */
  #first: Chosen | undefined;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Undefined for the documented behaviour, and for a scenario that was removed. */
  get(dialect: Dialect): string | undefined {
    const name = this.#current.names.get(dialect);
    return name !== undefined && this.#catalog.has(dialect, name) ? name : undefined;
  }

  /** Whether one of them resets connections before they say anything. */
  get isUnreachable(): boolean {
    return this.#current.isUnreachable;
  }

  /**
   * Replaces them. When it fails, they stay as they were; when it succeeds, all of them change in one turn, so that no
   * connection meets half of each.
   *
   * @param isByHttp whether a call asks for it: it may read no file, nor make the server deaf for calls
   * @throws UserError for a name that no dialect has and for a file with mistakes
   */
  async replace(given: readonly string[], isByHttp = false): Promise<void> {
    if (isByHttp && given.some(isFile)) {
      throw new UserError('expected names of GET scenarios, and no file', { option: 'scenario' });
    }
    const names = given.length === 0 ? NONE.names : await readWhenNeeded(this.#catalog, given);
    const isUnreachable = await resetsAll(this.#catalog, names);
    if (isByHttp && isUnreachable) {
      const what =
        'expected a scenario that lets calls of this API through: this one resets every connection';
      throw new UserError(what, { option: 'scenario' });
    }
    this.#current = { names, isUnreachable };
    this.#first ??= this.#current;
  }

  /** Takes back what was replaced since the start. */
  restore(): void {
    this.#current = this.#first ?? NONE;
  }
}

/** Most servers start without. */
async function readWhenNeeded(catalog: Catalog, given: readonly string[]): Promise<Chosen['names']> {
  const { readDefaults } = await import('./read-defaults.ts');
  return readDefaults(catalog, given);
}

/** Whether the scenario of all connections is one that resets them before they say anything. */
async function resetsAll(catalog: Catalog, defaults: ReadonlyMap<Dialect, string>): Promise<boolean> {
  for (const [dialect, name] of defaults) {
    if (!isSocket(dialect)) continue;
    const { handshake } = await planOf(
      { scenario: await catalog.load(dialect, name), attempt: 0 },
      dialect,
      0,
      // They do not affect upgrades.
      DEFAULT_EDITIONS,
    );
    if (handshake?.kind === 'unreachable') return true;
  }
  return false;
}
