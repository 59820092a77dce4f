import type { Argv } from 'yargs';
import { load, loadFlags } from './load.ts';
import { loadMerge, loadMergeFlags } from './merge.ts';

/** `understudy load …`. */
export function loadCommands(argv: Argv): Argv {
  return argv
    .command('$0', false, loadFlags, load)
    .command('merge <files..>', 'Put the reports of the parts of a load together', loadMergeFlags, loadMerge);
}
