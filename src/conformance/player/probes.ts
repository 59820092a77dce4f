import { dialectsIn, type Scope, VENDORS } from '../../protocol/dialects.ts';
import { isKnownIn } from '../../protocol/edition-range.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../../protocol/editions.ts';
import { REQUIREMENTS } from '../../protocol/requirements.ts';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { closest } from '../../runtime/text/closest.ts';
import { UserError } from '../../runtime/errors.ts';
import { probeFiles, readFileAs } from '../../scenario/catalog.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** @throws UserError for scenarios of dialects that the server does not speak */
export function checkScenarios(scenarios: readonly Scenario[], scope: Scope): void {
  const strange = scenarios.filter(({ file }) => !dialectsIn(scope).includes(file.dialect));
  if (strange.length === 0) return;
  throw new UserError(
    strange.map(({ name, file }) => ({
      option: 'scenarios',
      what: `${name} is for ${file.dialect}, and the server speaks ${scope}`,
    })),
  );
}

/** They are read only once: the files of the package do not change, and one process may make many runs. */
let bundled: Promise<readonly Scenario[]> | undefined;

/**
 * The bundled probes of a run, in the editions that they are for. For Scriptix, those of the microphone, of streams and
 * of the REST API.
 */
export async function probesOf(
  scope: Scope,
  editions: EditionNames = DEFAULT_EDITIONS,
): Promise<readonly Scenario[]> {
  bundled ??= readBundled();
  const known = new Set<string>(REQUIREMENTS.filter((each) => isKnownIn(each, editions)).map(({ id }) => id));
  return (await bundled).filter(
    ({ file: { dialect, exercises } }) =>
      dialectsIn(scope).includes(dialect) && (exercises?.some((id) => known.has(id)) ?? true),
  );
}

async function readBundled(): Promise<readonly Scenario[]> {
  return Promise.all((await probeFiles()).map(({ path }) => readFileAs(path)));
}

/** The form of the names of bundled probes in reports: a dialect and the name of a file. */
const PROBE = new RegExp(`^(?:${VENDORS.join('|')})[a-z0-9-]*/[a-z0-9-]+$`);

/** Reads a file, or the bundled probe of that name if there is no such file. @throws UserError */
export async function fileOrProbe(given: string): Promise<Scenario> {
  if (existsSync(given) || !PROBE.test(given)) return readFileAs(given);
  const paths = new Map(
    (await probeFiles()).map(({ name, path }) => [`${basename(dirname(path))}/${name}`, path]),
  );
  const path = paths.get(given);
  if (path !== undefined) return readFileAs(path);
  const meant = closest(given, [...paths.keys()]);
  throw new UserError(`${given} is neither a file nor the name of a bundled probe`, {
    flag: 'scenario',
    meant,
  });
}
