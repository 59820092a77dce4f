import { deviationNamed, DEVIATIONS } from '../conformance/deviations.ts';
import { REQUIREMENTS } from '../protocol/requirements.ts';
import { closest } from '../runtime/closest.ts';
import { UserError } from '../runtime/errors.ts';

type Text = string | readonly string[];

/** What yargs found for a flag that may be given more than once. */
export function listOf(given: Text | undefined): readonly string[] {
  if (given === undefined) return [];
  return typeof given === 'string' ? [given] : given;
}

/** @throws UserError for an id that there is not, with what may have been meant */
export function knownIds(flag: 'only' | 'skip', ids: readonly string[]): readonly string[] {
  const known = REQUIREMENTS.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const meant = closest(id, known);
    const hint = meant === undefined ? 'understudy conformance list has them' : `did you mean ${meant}?`;
    throw new UserError(`--${flag}: there is no requirement "${id}"; ${hint}`);
  }
  return ids;
}

/** @throws UserError for a name that there is not */
export function deviationOf(name: string): string {
  const found = deviationNamed(name);
  if (found !== undefined) return found.name;
  const names = DEVIATIONS.map((each) => each.name);
  const meant = closest(name, names);
  throw new UserError(
    `--deviation: there is no deviation "${name}"; ${meant === undefined ? `expected ${names.join(', ')}` : `did you mean ${meant}?`}`,
  );
}
