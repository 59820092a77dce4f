import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { mergeLoads, type FiledLoad } from '../../load/merge.ts';
import { LONGEST_LOAD, readLoad } from '../../load/read-load.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { utf8Of } from '../../runtime/text/utf8.ts';
import { many, readAll, withFlags } from '../flag.ts';
import { finishLoad, parseLoadTargets, prepareLoadTargets, REPORT_DESCRIBED } from './output.ts';

const FLAGS = { report: many(REPORT_DESCRIBED, parseLoadTargets) };

interface MergeArguments {
  readonly files?: readonly string[] | undefined;
}

/** Adds the flags of `load merge`. */
export function loadMergeFlags(argv: Argv): Argv<MergeArguments> {
  const withFiles = argv
    .usage(
      [
        '$0 load merge FILE… [--report FORMAT:FILE]',
        '',
        'Adds up the reports (.json) of the parts of a load (--shard), exactly as if one process had measured everything, and',
        'judges the objectives again. A part that is missing makes the load incomplete.',
        '',
        'Exit code: 0 the objectives are met, 1 one is not, 2 files that are not of one load, 3 undecided.',
      ].join('\n'),
    )
    .positional('files', { type: 'string', array: true, describe: 'Reports (.json)' });
  return withFlags(withFiles, FLAGS).example(
    '$0 load merge part-*.json --report html:load.html',
    'All parts',
  );
}

/** Merges the reports of parts, prints and writes the result, and sets the exit code. */
export function loadMerge(given: ArgumentsCamelCase<MergeArguments>): void {
  const { report } = readAll(FLAGS, given);
  const seen = new Set<string>();
  const filed = (given.files ?? []).map((file): FiledLoad => {
    if (seen.has(resolve(file))) throw new UserError('is given twice', { file });
    seen.add(resolve(file));
    return { file, report: readLoad(textOf(file), file) };
  });
  const [first, ...others] = filed;
  if (first === undefined) throw new UserError('expected a report', { command: 'load merge' });
  const merged = mergeLoads([first, ...others]);
  prepareLoadTargets(report);
  finishLoad(merged, report);
}

/** @throws UserError */
function textOf(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > LONGEST_LOAD)
      throw new UserError(`it has ${size} bytes; at most ${LONGEST_LOAD} are read`, { file });
    return utf8Of(readFileSync(file), file);
  } catch (error) {
    throw unreadable(file, error);
  }
}
