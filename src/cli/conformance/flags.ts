import { readFile } from 'node:fs/promises';
import { readBaseline, type BaselineEntry } from '../../conformance/judge/baseline.ts';
import { deviationNamed, DEVIATIONS } from '../../conformance/judge/deviations.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import type { Side } from '../../protocol/requirement.ts';
import { REQUIREMENTS, requirementsFor } from '../../protocol/requirements.ts';
import { FORMAT_NAMES } from '../../conformance/report/formats/formats.ts';
import { closest } from '../../runtime/closest.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { utf8Of } from '../../runtime/utf8.ts';
import { readNumber } from '../values.ts';

/** What help says of --report. */
export const REPORT_DESCRIBED = `FORMAT:FILE; ${FORMAT_NAMES.slice(0, -1).join(', ')} or ${FORMAT_NAMES.at(-1) ?? ''}; repeatable`;

type Text = string | readonly string[];

/** What yargs found for a flag that may be given more than once. */
export function listOf(given: Text | undefined): readonly string[] {
  if (given === undefined) return [];
  return typeof given === 'string' ? [given] : given;
}

/** What a run looks at, for errors: `a reson8 server`. */
export interface Subject {
  readonly side: Side;
  readonly dialects: readonly Dialect[];
  readonly name: string;
}

/**
 * Ids separated by commas, from a flag that may be given more than once.
 *
 * @param subject what is judged, where that is known before the run
 * @throws UserError for an id that does not exist, and for one that is not asked of the subject
 */
export function idsOf(flag: 'only' | 'skip', given: Text | undefined, subject?: Subject): readonly string[] {
  const ids = knownIds(
    flag,
    listOf(given).flatMap((text) => text.split(',')),
  );
  if (subject === undefined) return ids;
  const asked = new Set<string>(requirementsFor(subject.dialects, subject.side).map(({ id }) => id));
  const stray = ids.filter((id) => !asked.has(id));
  if (stray.length === 0) return ids;
  throw new UserError(
    `${stray.join(', ')} ${stray.length === 1 ? 'is' : 'are'} not asked of ${subject.name}; understudy conformance list says of whom`,
    { flag },
  );
}

/** @throws UserError for an unknown id, with a suggestion */
export function knownIds(flag: 'only' | 'skip', ids: readonly string[]): readonly string[] {
  const known: readonly string[] = REQUIREMENTS.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    if (id === '') throw new UserError(`expected ids such as ${known[0] ?? ''}, got an empty one`, { flag });
    const meant = closest(id, known);
    const where = meant === undefined ? '; understudy conformance list has them' : '';
    throw new UserError(`there is no requirement "${id}"${where}`, { flag, meant });
  }
  return ids;
}

/** In whichever spelling. @throws UserError for an unknown name */
export function deviationOf(name: string): string {
  const deviation = deviationNamed(name);
  if (deviation !== undefined) return deviation.name;
  const names = DEVIATIONS.map((each) => each.name);
  const meant = closest(name, names);
  const expected = meant === undefined ? `; expected ${names.join(', ')}` : '';
  throw new UserError(`there is no deviation "${name}"${expected}`, { flag: 'deviation', meant });
}

/** @throws UserError */
export function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = readNumber(`--${flag}`, text);
  if (!Number.isSafeInteger(number) || number < 0 || number > 2 ** 31 - 1) {
    throw new UserError(`expected a whole number from 0, got ${text}`, { flag });
  }
  return number;
}

/** A credential as it was given; undefined for none. @throws UserError that does not repeat it */
export function credentialOf(flag: string, value: string | undefined): string | undefined {
  if (value !== undefined && /[\s\p{Cc}]/u.test(value)) {
    throw new UserError('expected a credential without spaces and line ends', { flag });
  }
  return value === '' ? undefined : value;
}

/** @throws UserError */
export async function baselineOf(path: string | undefined): Promise<readonly BaselineEntry[]> {
  if (path === undefined) return [];
  return readBaseline(await textOf('baseline', path), path, new Set(REQUIREMENTS.map(({ id }) => id)));
}

const LONGEST_FILE_BYTES = 2 ** 20;

/** @throws UserError */
export async function textOf(flag: string, path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error, { flag });
  });
  if (bytes.length > LONGEST_FILE_BYTES) throw new UserError('is longer than 1 MiB', { flag, file: path });
  return utf8Of(bytes, path);
}
