import { DIALECT_NAMES, type Dialect, isSocket } from '../../protocol/dialects.ts';
import { DEFAULT_EDITIONS } from '../../protocol/editions.ts';
import { UserError } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';
import type { Catalog } from '../../scenario/catalog.ts';
import { planOf } from './plan.ts';
import { DEFAULT, noSuch } from './selection.ts';

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
    const names = await readDefaults(this.#catalog, given);
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

/**
 * The scenario of every dialect for connections that select none, from names and files as `--scenario` has them. A name
 * counts for all dialects that have it. `reson8/NAME` and a file are for one dialect, and take precedence there.
 *
 * @throws UserError for a name that no dialect has, for a file with mistakes, and for two that are for the same dialect
 */
async function readDefaults(
  catalog: Catalog,
  given: readonly string[],
): Promise<ReadonlyMap<Dialect, string>> {
  const forAll = new Claims();
  const forOne = new Claims();
  for (const text of given) {
    if (isFile(text)) {
      for (const { name, file } of await catalog.add(text)) forOne.add(file.dialect, text, name);
      continue;
    }
    const [, only, name = text] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
    const dialects = DIALECT_NAMES.filter(
      (dialect) => (only === undefined || only === dialect) && catalog.has(dialect, name),
    );
    if (dialects.length === 0) throw new UserError([noSuch(text, catalog)]);
    for (const dialect of dialects) {
      // Mistakes are reported now, not to the first client.
      await catalog.load(dialect, name);
      (only === undefined ? forAll : forOne).add(dialect, text, name);
    }
  }
  const wrong = [...forAll.conflicts, ...forOne.conflicts];
  if (wrong.length > 0) throw new UserError(wrong.map((what) => ({ option: 'scenario', what })));
  return new Map([...forAll.names, ...forOne.names].filter(([, name]) => name !== DEFAULT));
}

/** Which scenarios are meant for which dialects. */
class Claims {
  readonly #of = new Map<Dialect, { readonly text: string; readonly name: string }>();
  /** The dialects that both of two texts are for. */
  readonly #twice = new Map<string, Dialect[]>();

  /** @param text what was given, which is about this dialect */
  add(dialect: Dialect, text: string, name: string): void {
    const before = this.#of.get(dialect);
    if (before === undefined || before.text === text) return void this.#of.set(dialect, { text, name });
    const both = `${before.text} and ${text}`;
    this.#twice.set(both, [...(this.#twice.get(both) ?? []), dialect]);
  }

  get names(): readonly (readonly [Dialect, string])[] {
    return [...this.#of].map(([dialect, { name }]) => [dialect, name]);
  }

  get conflicts(): readonly string[] {
    return [...this.#twice].map(
      ([both, dialects]) =>
        `${both} are both for ${listed(dialects, 'and')}; expected one for each dialect, such as ${dialects[0]}/NAME`,
    );
  }
}

function isFile(text: string): boolean {
  return /\.(ya?ml|json|ndjson)$/.test(text);
}
