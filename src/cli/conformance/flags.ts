import { readFileSync } from 'node:fs';
import { readBaseline, type BaselineEntry } from '../../conformance/judge/baseline.ts';
import { deviationNamed, DEVIATIONS } from '../../conformance/judge/deviations.ts';
import { FORMAT_NAMES } from '../../conformance/report/formats/formats.ts';
import { parseReportTargets } from '../../conformance/report/write.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import { isKnownIn } from '../../protocol/edition-range.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../../protocol/editions.ts';
import type { Side } from '../../protocol/requirement.ts';
import { REQUIREMENTS, requirementsFor } from '../../protocol/requirements.ts';
import { closest } from '../../runtime/text/closest.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';
import { utf8Of } from '../../runtime/text/utf8.ts';
import { asText, many, one, toggle } from '../flag.ts';
import { readRedact, REDACT_DESCRIBED } from '../redact-flag.ts';

/** Flags with the same meaning in all commands that judge. */
export const JUDGING = {
  baseline: one('File with known failures: id, reason, expires, edition', asBaseline),
  traces: one('Folder to keep the trace of every play in', asText),
  only: many('Ids of requirements to judge, separated by commas', asIds),
  skip: many('Ids of requirements to leave out', asIds),
  deviation: many('Named deviation to accept; repeatable', (names) => names.map(asDeviation)),
  report: many(`FORMAT:FILE; ${listed(FORMAT_NAMES)}; repeatable`, parseReportTargets),
  redact: many(REDACT_DESCRIBED, readRedact),
  strict: toggle('Treat SHOULD as MUST'),
};

/** Lists of ids, each separated by commas. @throws UserError for an unknown id, with a suggestion */
export function asIds(texts: readonly string[]): readonly string[] {
  const known: readonly string[] = REQUIREMENTS.map(({ id }) => id);
  return texts
    .flatMap((text) => text.split(','))
    .map((id) => {
      if (known.includes(id)) return id;
      if (id === '') throw new UserError(`expected ids such as ${known[0] ?? ''}, got an empty one`);
      const meant = closest(id, known);
      const where = meant === undefined ? '; understudy conformance list has them' : '';
      throw new UserError(`there is no requirement "${id}"${where}`, { meant });
    });
}

/** What a run judges. */
export interface Subject {
  readonly side: Side;
  readonly dialects: readonly Dialect[];
  /** The editions in which it is judged (`documents`). */
  readonly editions: Partial<EditionNames>;
  /** Its name in errors, such as `a reson8 server`. */
  readonly name: string;
}

/** `a reson8 server`, and its edition if one is named. */
export function nameIn(subject: string, edition: string | undefined): string {
  return edition === undefined ? subject : `${subject} in the edition ${edition}`;
}

/**
 * Checks chosen ids.
 *
 * @throws UserError for ids by which the subject is not judged
 */
export function checkIds(
  subject: Subject,
  flags: Readonly<Record<'only' | 'skip', readonly string[]>>,
): void {
  const editions = { ...DEFAULT_EDITIONS, ...subject.editions };
  const known = requirementsFor(subject.dialects, subject.side).filter((each) => isKnownIn(each, editions));
  const asked = new Set<string>(known.map(({ id }) => id));
  for (const flag of ['only', 'skip'] as const) {
    const stray = flags[flag].filter((id) => !asked.has(id));
    if (stray.length === 0) continue;
    throw new UserError(
      `${listed(stray, 'and')} ${stray.length === 1 ? 'is' : 'are'} not for ${subject.name}; understudy conformance list shows what they are for`,
      { flag },
    );
  }
}

/**
 * The name of a deviation, in any spelling.
 *
 * @throws UserError for an unknown name
 */
export function asDeviation(name: string): string {
  const deviation = deviationNamed(name);
  if (deviation !== undefined) return deviation.name;
  const names = DEVIATIONS.map((each) => each.name);
  const meant = closest(name, names);
  const expected = meant === undefined ? `; expected ${listed(names)}` : '';
  throw new UserError(`there is no deviation "${name}"${expected}`, { meant });
}

/**
 * A credential as it was given; undefined for an empty one.
 *
 * @throws UserError that does not repeat it
 */
export function asCredential(text: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(text)) throw new UserError('expected a credential without spaces or line breaks');
  return text === '' ? undefined : text;
}

/** Known failures, and the file that they come from. */
interface Baseline {
  readonly file: string;
  readonly entries: readonly BaselineEntry[];
}

/**
 * Reads a baseline.
 *
 * @throws UserError
 */
function asBaseline(file: string): Baseline {
  const ids = new Set(REQUIREMENTS.map(({ id }) => id));
  return { file, entries: readBaseline(asTextOf('baseline')(file), file, ids) };
}

const LONGEST_FILE_BYTES = 2 ** 20;

/**
 * Reads the text of a file.
 *
 * @throws UserError
 */
export function asTextOf(flag: string): (path: string) => string {
  return (path) => {
    const bytes = bytesOf(path, flag);
    if (bytes.length > LONGEST_FILE_BYTES) throw new UserError('is longer than 1 MiB', { flag, file: path });
    return utf8Of(bytes, path);
  };
}

function bytesOf(path: string, flag: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error, { flag });
  }
}
