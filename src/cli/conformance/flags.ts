import { readFileSync } from 'node:fs';
import { readBaseline, type BaselineEntry } from '../../conformance/judge/baseline.ts';
import {
  deviationsOf,
  foreignIds,
  unknownDeviation,
  unknownId,
  type Subject,
} from '../../conformance/judging/chosen.ts';
import { FORMAT_NAMES } from '../../conformance/report/formats/formats.ts';
import { parseReportTargets } from '../../conformance/report/write.ts';
import { REQUIREMENTS } from '../../protocol/requirements.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';
import { utf8Of } from '../../runtime/text/utf8.ts';
import { asText, many, one, toggle } from '../flag.ts';
import { readRedact, REDACT_DESCRIBED } from '../redact-flag.ts';

/** Flags with the same meaning in all commands that judge. */
export const JUDGING = {
  baseline: one('File with known failures: id, reason, expires, edition', asBaseline, {
    sets: ['baseline'],
  }),
  traces: one('Folder to keep the trace of every play in', asText),
  only: many('Ids of requirements to judge, separated by commas', asIds),
  skip: many('Ids of requirements to leave out', asIds),
  deviation: many('Named deviation to accept; repeatable', asDeviations),
  report: many(`FORMAT:FILE; ${listed(FORMAT_NAMES)}; repeatable`, parseReportTargets),
  redact: many(REDACT_DESCRIBED, readRedact),
  strict: toggle('Treat SHOULD as MUST'),
};

/** Lists of ids, each separated by commas. @throws UserError for an unknown id, with a suggestion */
export function asIds(texts: readonly string[]): readonly string[] {
  const ids = texts.flatMap((text) => text.split(','));
  const wrong = ids.flatMap((id) => unknownId(id) ?? []);
  if (wrong.length > 0) throw new UserError(wrong);
  return ids;
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
  const wrong = (['only', 'skip'] as const).flatMap((flag) =>
    foreignIds(flags[flag], subject).map((mistake) => ({ flag, ...mistake })),
  );
  if (wrong.length > 0) throw new UserError(wrong);
}

/**
 * The names of deviations, in any spelling.
 *
 * @throws UserError for unknown names
 */
export function asDeviations(names: readonly string[]): readonly string[] {
  const wrong = names.flatMap((name) => unknownDeviation(name) ?? []);
  if (wrong.length > 0) throw new UserError(wrong);
  return deviationsOf(names);
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
