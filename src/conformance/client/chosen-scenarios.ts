import type { Dialect } from '../../protocol/dialects.ts';
import { existsSync } from 'node:fs';
import { noScenario, openCatalog, readFileAs } from '../../scenario/catalog.ts';
import { SCENARIO_NAME } from '../../scenario/posted.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { UserError } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';
import { scenarioName } from './scenario-name.ts';

/**
 * Checks the chosen scenarios before any is played: names, `dialect/name`, or files. Reports show only their names, so
 * no name may occur twice.
 *
 * @throws UserError for a scenario that is unknown, is of another dialect, or has mistakes
 */
export async function checkChosenScenarios(
  scenarios: readonly string[],
  dialect: Dialect,
): Promise<readonly string[]> {
  const catalog = await openCatalog();
  const names = new Set<string>();
  for (const given of scenarios) {
    const of = (await read(given)).map(({ file }) => file.dialect);
    if (!of.includes(dialect)) {
      throw new UserError(
        `${scenarioName(given)} is for ${listed(of, 'and')}, and this is a run for ${dialect}`,
        { flag: 'scenario' },
      );
    }
    const name = scenarioName(given);
    if (names.has(name)) throw new UserError(`${name} is given twice`, { flag: 'scenario' });
    names.add(name);
  }
  return [...names];

  async function named(name: string): Promise<Scenario> {
    if (catalog.has(dialect, name)) return catalog.load(dialect, name);
    throw new UserError(noScenario(dialect, name, catalog), { flag: 'scenario' });
  }

  async function read(given: string): Promise<readonly Scenario[]> {
    if (SCENARIO_NAME.test(given)) return [await named(given)];
    const [folder, name, ...more] = given.split('/');
    const isNamed = folder === dialect && name !== undefined && more.length === 0;
    if (isNamed && SCENARIO_NAME.test(name)) return [await named(name)];
    if (!existsSync(given))
      throw new UserError(`there is no file ${given}, and no scenario of this name`, { flag: 'scenario' });
    return given.endsWith('.ndjson') ? await catalog.add(given) : [await readFileAs(given)];
  }
}
