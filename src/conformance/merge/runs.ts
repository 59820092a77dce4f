import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../runtime/errors.ts';
import { shardText } from '../../runtime/shard.ts';
import { visible } from '../../runtime/text/plain.ts';
import { dialectText } from '../report/subject.ts';
import type { ReportedPart } from '../report/part.ts';
import type { Report } from '../report/report.ts';
import { grouped } from '../../runtime/grouped.ts';

/** A report, and the file that it was read from. */
export interface Filed {
  readonly file: string;
  readonly report: Report;
}

/** A part of a run, and the file that it was read from. */
export interface FiledPart extends Filed {
  readonly part: ReportedPart;
}

/** The reports on one subject: that of a whole run, or those of its parts. */
export type Run =
  | { readonly kind: 'whole'; readonly report: Report }
  | {
      readonly kind: 'parts';
      readonly parts: readonly [FiledPart, ...FiledPart[]];
      readonly missing: readonly number[];
    };

/**
 * The runs that some reports belong to, in the order in which their subjects first occur.
 *
 * @throws UserError that names the files, for two runs against one subject and for parts of different runs
 */
export function runsOf(filed: readonly Filed[]): readonly Run[] {
  const bySubject = grouped(filed, ({ report }) => {
    const { kind, dialect, edition = '', target } = report.subject;
    return JSON.stringify([kind, dialect, edition, target]);
  });
  return [...bySubject.values()].map(runOf);
}

function runOf(filed: readonly Filed[]): Run {
  const parts = filed.flatMap(({ file, report }): FiledPart[] => {
    return report.shard === undefined ? [] : [{ file, report, part: report.shard }];
  });
  const whole = filed.find(({ report }) => report.shard === undefined);
  if (whole !== undefined) {
    const other = filed.find((each) => each !== whole);
    if (other === undefined) return { kind: 'whole', report: whole.report };
    throw new UserError(
      `${names(whole, other)} are of two runs against ${nameOf(whole.report)}; give one of them, or compare them with conformance diff`,
    );
  }
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('a group has a report');
  for (const other of others) checkSame(first, other);
  checkOnce(parts);
  const there = new Set(parts.map(({ part }) => part.index));
  const all = Array.from({ length: first.part.count }, (_none, i) => i + 1);
  const inOrder = [first, ...others].sort((a, b) => a.part.index - b.part.index);
  const [lowest = first, ...higher] = inOrder;
  return { kind: 'parts', parts: [lowest, ...higher], missing: all.filter((index) => !there.has(index)) };
}

function checkOnce(parts: readonly FiledPart[]): void {
  const seen = new Map<number, FiledPart>();
  for (const each of parts) {
    const before = seen.get(each.part.index);
    if (before !== undefined)
      throw new UserError(
        `${names(before, each)} are both part ${shardText(each.part)} of a run; give one of them`,
      );
    seen.set(each.part.index, each);
  }
}

/**
 * Compares two parts.
 *
 * @throws UserError with the first field in which they differ although they are of one run
 */
function checkSame(a: FiledPart, b: FiledPart): void {
  for (const [field, ofA] of Object.entries(fieldsOf(a))) {
    const ofB = fieldsOf(b)[field];
    if (isDeepStrictEqual(ofA, ofB)) continue;
    const differ =
      typeof ofA === 'object' || typeof ofB === 'object'
        ? 'differ'
        : `is ${shown(ofA)} in one and ${shown(ofB)} in the other`;
    throw new UserError(`${names(a, b)} are not parts of one run: ${field} ${differ}`);
  }
}

type Field = string | number | readonly string[] | Report['tolerances'] | undefined;

function fieldsOf({ report, part }: FiledPart): Readonly<Record<string, Field>> {
  return {
    'the version of understudy': report.tool.version,
    'the number of parts': part.count,
    'the seed': report.seed,
    'the profile': report.profile,
    ...part.terms,
    'their tolerances': report.tolerances,
    'the requirements that they judge': report.requirements.map(({ id }) => id),
  };
}

function shown(value: string | number | undefined): string {
  return value === '' || value === undefined ? 'not given' : visible(`${value}`, 80);
}

function names(a: Filed, b: Filed): string {
  return `${visible(a.file)} and ${visible(b.file)}`;
}

/** Such as `the scriptix server wss://…`. */
function nameOf({ subject }: Report): string {
  return `the ${dialectText(subject)} ${subject.kind} ${visible(subject.target)}`;
}

/** A sentence saying which parts are missing. */
export function missingSentence(missing: readonly number[], count: number): string {
  const [verb, what] = missing.length === 1 ? ['is', 'part'] : ['are', 'parts'];
  const listed =
    missing.length > 10
      ? `${missing.slice(0, 10).join(', ')} and ${missing.length - 10} more`
      : missing.join(', ');
  return `Of ${count} parts of the run ${missing.length} ${verb} missing (${what} ${listed}): their share was not judged.`;
}
