import { DIALECT_NAMES, type Dialect } from '../protocol/dialects.ts';
import { UserError } from '../runtime/errors.ts';
import type { ReadScenario } from './read/load.ts';
import type { Scenario } from './scenario.ts';

/** The form of scenario names, which need no escaping in a URL. */
export const SCENARIO_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Longer names are not shown in full anywhere. */
export const LONGEST_SCENARIO_NAME = 100;

/** The maximum number of scenarios added to a running server. */
export const MOST_POSTED = 1000;
/** The maximum size of all of them together. */
export const MOST_POSTED_BYTES = 16 * 2 ** 20;

interface Posted {
  readonly scenario: Scenario;
  readonly byteCount: number;
}

/** Scenarios that were added to a running server. They are kept in memory and take precedence over files. */
export class PostedScenarios {
  readonly #of = new Map<Dialect, Map<string, Posted>>();

  get(dialect: Dialect, name: string): Scenario | undefined {
    return this.#of.get(dialect)?.get(name)?.scenario;
  }

  names(dialect: Dialect): readonly string[] {
    return [...(this.#of.get(dialect)?.keys() ?? [])];
  }

  /**
   * Adds a scenario from its text, YAML or JSON, replacing one of this name and dialect; or returns what is wrong with
   * it. @throws UserError for a name of another form, and when there is no room left
   */
  async add(name: string, text: string): Promise<ReadScenario> {
    if (!SCENARIO_NAME.test(name) || name.length > LONGEST_SCENARIO_NAME) {
      const what = `expected small letters, digits and single dashes between them, at most ${LONGEST_SCENARIO_NAME}`;
      throw new UserError(what, { option: 'name' });
    }
    // Imported only when needed, because the schema takes a while to load.
    const { readScenario } = await import('./read/load.ts');
    const read = readScenario(name, `${name}.yaml`, text);
    if (read.kind === 'scenario') this.#keep(read.scenario, Buffer.byteLength(text));
    return read;
  }

  /** Removes the scenarios with a name. Returns whether there were any. */
  remove(name: string): boolean {
    return DIALECT_NAMES.filter((dialect) => this.#of.get(dialect)?.delete(name)).length > 0;
  }

  clear(): void {
    this.#of.clear();
  }

  #keep(scenario: Scenario, byteCount: number): void {
    const { dialect } = scenario.file;
    const ofDialect = this.#of.get(dialect) ?? new Map<string, Posted>();
    const others = [...this.#of.values()].flatMap((each) => [...each.values()]);
    const before = ofDialect.get(scenario.name);
    const bytes = others.reduce((sum, other) => sum + other.byteCount, byteCount - (before?.byteCount ?? 0));
    if ((before === undefined && others.length >= MOST_POSTED) || bytes > MOST_POSTED_BYTES) {
      const most = `at most ${MOST_POSTED} scenarios of ${MOST_POSTED_BYTES} bytes together`;
      throw new UserError(`no more can be added: ${most}; remove one before`, { option: 'scenario' });
    }
    this.#of.set(dialect, ofDialect.set(scenario.name, { scenario, byteCount }));
  }
}
