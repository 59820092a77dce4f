import type { Dialect } from '../../protocol/dialects.ts';
import { isKnownIn } from '../../protocol/edition-range.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../../protocol/editions.ts';
import type { Side } from '../../protocol/requirement.ts';
import { REQUIREMENTS, requirementsFor } from '../../protocol/requirements.ts';
import { UserError, type Mistake } from '../../runtime/errors.ts';
import { closest } from '../../runtime/text/closest.ts';
import { listed } from '../../runtime/text/listed.ts';
import { deviationNamed, DEVIATIONS } from '../judge/deviations.ts';

const IDS: readonly string[] = REQUIREMENTS.map(({ id }) => id);

/** The maximum length of a text in an error. */
const LONGEST_SHOWN = 100;

/** What a run judges. */
export interface Subject {
  readonly side: Side;
  readonly dialects: readonly Dialect[];
  /** The editions in which it is judged (`documents`). */
  readonly editions: Partial<EditionNames> | undefined;
  /** Its name in errors, such as `a reson8 server`. */
  readonly name: string;
}

/** What is chosen by name of all that can be judged. */
export interface Choices {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly deviations?: readonly string[];
}

/** `a reson8 server`, and its edition if one is named. */
export function nameIn(subject: string, edition: string | undefined): string {
  return edition === undefined ? subject : `${subject} in the edition ${edition}`;
}

/** What is wrong with an id that no requirement has. */
export function unknownId(id: string): Mistake | undefined {
  if (IDS.includes(id)) return undefined;
  if (id === '') return { what: `expected ids such as ${IDS[0] ?? ''}, got an empty one` };
  const meant = closest(id, IDS);
  const where = meant === undefined ? '; understudy conformance list has them' : '';
  return { what: `there is no requirement "${id.slice(0, LONGEST_SHOWN)}"${where}`, meant };
}

/** What is wrong with the ids of requirements by which a subject is not judged. */
export function foreignIds(ids: readonly string[], subject: Subject): readonly Mistake[] {
  const editions = { ...DEFAULT_EDITIONS, ...subject.editions };
  const known = requirementsFor(subject.dialects, subject.side).filter((each) => isKnownIn(each, editions));
  const asked = new Set<string>(known.map(({ id }) => id));
  const stray = ids.filter((id) => !asked.has(id));
  if (stray.length === 0) return [];
  const what = `${listed(stray, 'and')} ${stray.length === 1 ? 'is' : 'are'} not for ${subject.name}; understudy conformance list shows what they are for`;
  return [{ what }];
}

/** What is wrong with a name that no deviation has. */
export function unknownDeviation(name: string): Mistake | undefined {
  if (deviationNamed(name) !== undefined) return undefined;
  const names = DEVIATIONS.map((each) => each.name);
  const meant = closest(name, names);
  const expected = meant === undefined ? `; expected ${listed(names)}` : '';
  return { what: `there is no deviation "${name.slice(0, LONGEST_SHOWN)}"${expected}`, meant };
}

/** The names of deviations in one spelling. */
export function deviationsOf(names: readonly string[] = []): readonly string[] {
  return names.map((name) => deviationNamed(name)?.name ?? name);
}

/**
 * Refuses choices that choose nothing.
 *
 * @param command the function that they were given to
 * @param subject what is judged, if it is known before
 * @throws UserError with all of them
 */
export function refuseUnknown(command: string, choices: Choices, subject?: Subject): void {
  const { only = [], skip = [], deviations = [] } = choices;
  const inIds = (ids: readonly string[]) => {
    const unknown = ids.flatMap((id) => unknownId(id) ?? []);
    return unknown.length > 0 || subject === undefined ? unknown : foreignIds(ids, subject);
  };
  const found = {
    only: inIds(only),
    skip: inIds(skip),
    deviations: deviations.flatMap((name) => unknownDeviation(name) ?? []),
  };
  const wrong = Object.entries(found).flatMap(([option, mistakes]) =>
    mistakes.map((mistake) => ({ command, option, ...mistake })),
  );
  if (wrong.length > 0) throw new UserError(wrong);
}
