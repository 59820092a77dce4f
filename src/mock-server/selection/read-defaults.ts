import { DIALECT_NAMES, type Dialect } from '../../protocol/dialects.ts';
import { UserError, type Mistake } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';
import type { Catalog } from '../../scenario/catalog.ts';
import { DEFAULT, isFile, noSuch } from './selection.ts';

/**
 * The scenario of every dialect for connections that select none, from names and files as `--scenario` has them. A name
 * counts for all dialects that have it. `reson8/NAME` and a file are for one dialect, and take precedence there.
 *
 * @throws UserError with all mistakes: names that no dialect has, those in files, and two that are for the same dialect
 */
export async function readDefaults(
  catalog: Catalog,
  given: readonly string[],
): Promise<ReadonlyMap<Dialect, string>> {
  const forAll = new Claims();
  const forOne = new Claims();
  const read = async (text: string) => {
    if (isFile(text)) {
      for (const { name, file } of await catalog.add(text)) forOne.add(file.dialect, text, name);
      return;
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
  };
  const wrong: Mistake[] = [];
  for (const text of given) {
    await read(text).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      wrong.push(...error.mistakes);
    });
  }
  for (const what of [...forAll.conflicts, ...forOne.conflicts]) wrong.push({ option: 'scenario', what });
  if (wrong.length > 0) throw new UserError(wrong);
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
