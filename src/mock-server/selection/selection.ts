import type { Mistake } from '../../runtime/errors.ts';
import { DIALECT_NAMES, type Dialect } from '../../protocol/dialects.ts';
import { closest, suggestion } from '../../runtime/text/closest.ts';
import type { Catalog } from '../../scenario/catalog.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Assignments } from './assignments.ts';

/** What selects a scenario: a request as its client sent it. */
export interface Selecting {
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What the client authenticates with. */
  readonly token: string | undefined;
}

/** The scenario of a connection. */
export interface Selected {
  readonly scenario: Scenario;
  /** How many connections of this token selected the scenario before. */
  readonly attempt: number;
}

/** Decides which scenario a connection gets. */
export interface Selection {
  /**
   * Undefined if nothing selects one, for the built-in behaviour of the dialect.
   *
   * @throws UserError for an unknown name
   */
  select(dialect: Dialect, by: Selecting): Promise<Selected> | undefined;
  hasName(name: string): boolean;
  /** Forgets how many attempts there were, with one scenario or with all. */
  reset(name?: string): void;
}

const HEADER = 'x-understudy-scenario';
/** Characters of a name in an error. */
const LONGEST_SHOWN = 100;
/** The name for the behaviour of a connection without a scenario. */
export const DEFAULT = 'happy-path';
/** At most this many tokens are remembered; the least recently used is forgotten first. */
const MOST_REMEMBERED = 10_000;

/** Which scenario is meant. */
export interface Names {
  /**
   * In this order: the `scenario` query parameter, the header `x-understudy-scenario`, a token that is a scenario's
   * name, an assignment, the default of the dialect. Undefined for none of these.
   */
  readonly nameFor: (dialect: Dialect, by: Selecting) => string | undefined;
  readonly hasName: (name: string) => boolean;
}

/** Which scenario is meant, from the request, the assignments and the defaults. */
export function namesOf(
  catalog: Catalog,
  defaults: Pick<ReadonlyMap<Dialect, string>, 'get'>,
  assignments: Pick<Assignments, 'get'>,
): Names {
  const hasName = (name: string) => DIALECT_NAMES.some((dialect) => catalog.has(dialect, name));
  return {
    hasName,
    nameFor(dialect, { query, headers, token }) {
      const header = headers[HEADER];
      const asked = query.get('scenario') ?? (typeof header === 'string' ? header : undefined);
      // A name that only another dialect has is meant for that one: the REST API and the socket get the same query.
      const isOurs = (name: string) => catalog.has(dialect, name) || !hasName(name);
      if (asked !== undefined && asked !== '' && isOurs(asked)) return asked;
      if (token !== undefined && token !== DEFAULT && catalog.has(dialect, token)) return token;
      const name = token === undefined ? undefined : assignments.get(token);
      return name !== undefined && catalog.has(dialect, name) ? name : defaults.get(dialect);
    },
  };
}

/** A selection that counts the attempts itself. */
export function makeSelection(catalog: Catalog, { nameFor, hasName }: Names): Selection {
  const attempts = new Map<string, number>();
  const count = (key: string) => {
    const before = attempts.get(key) ?? 0;
    // Moved to the end, so that the least recently used is the first.
    attempts.delete(key);
    remember(attempts, key, before + 1);
    return before;
  };
  return {
    select(dialect, by) {
      const name = nameFor(dialect, by);
      if (name === undefined) return undefined;
      const loading = catalog.load(dialect, name);
      const attempt = catalog.has(dialect, name) ? count(`${dialect}/${name}/${by.token ?? ''}`) : 0;
      return loading.then((scenario) => ({ scenario, attempt }));
    },
    hasName,
    reset(name) {
      if (name === undefined) return attempts.clear();
      for (const key of attempts.keys()) if (key.split('/', 2)[1] === name) attempts.delete(key);
    },
  };
}

/** The error for an unknown name of a scenario, with the one that may have been meant. */
export function noSuch(name: string, catalog: Catalog): Mistake {
  const hasDialect = name.includes('/');
  const all = DIALECT_NAMES.flatMap((dialect) =>
    catalog.names(dialect).map((each) => (hasDialect ? `${dialect}/${each}` : each)),
  );
  const meant = closest(name, all);
  const hint = suggestion(meant) ?? '';
  return {
    option: 'scenario',
    what: `there is none named "${name.slice(0, LONGEST_SHOWN)}"${hint} (understudy scenario list shows them all)`,
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size <= MOST_REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

/** Whether a scenario is named by its file. */
export function isFile(text: string): boolean {
  return /\.(ya?ml|json|ndjson)$/.test(text);
}
