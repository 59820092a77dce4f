import { isAbsolute, relative } from 'node:path';
import { type Dialect, vendorOf } from '../../../protocol/dialects.ts';
import { editionsOf, type EditionNames } from '../../../protocol/editions.ts';

/** The value of a flag; a list is a repeated flag, `true` a flag without a value, undefined one that was not given. */
export type FlagValue = string | number | readonly string[] | boolean | undefined;

/**
 * Words that a POSIX shell takes literally. `{url}` is our placeholder; braces with commas would be expanded by a
 * shell.
 */
const PLAIN = /^(?:[\w./:@%+=,-]|\{[a-z-]+\})+$/;

/**
 * The command that judges one thing again, to be pasted into a shell in the directory of the run. It contains no
 * credentials: those of a server come from the environment.
 *
 * @param tail the words after the flags
 */
export function repeatCommand(
  side: 'server' | 'client',
  flags: Readonly<Record<string, FlagValue>>,
  tail: readonly string[] = [],
): string {
  const words = Object.entries(flags).flatMap(([flag, value]) => wordsOf(`--${flag}`, value));
  return ['npx understudy conformance', side, ...[...words, ...tail].map(quoted)].join(' ');
}

function wordsOf(flag: string, value: FlagValue): readonly string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [flag];
  const values = typeof value === 'object' ? value : [String(value)];
  // A value that begins like a flag would be taken for one.
  return values.flatMap((each) => (each.startsWith('-') ? [`${flag}=${each}`] : [flag, each]));
}

/** The edition of the service of a dialect, unless it is the default. */
export function editionToName(dialect: Dialect, editions: Partial<EditionNames> = {}): string | undefined {
  const service = vendorOf(dialect);
  const name = editions[service];
  return name === editionsOf(service)[0] ? undefined : name;
}

/** A duration in the form of a flag. */
export function durationFlag(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${ms}ms`;
}

/** A command whose paths below the working directory are relative to it; other paths stay as they are. */
export function commandWords(command: string, args: readonly string[], cwd: string): readonly string[] {
  const own = below(command, cwd);
  // Without a slash it would be looked up in PATH.
  const first = own !== command && !own.includes('/') ? `./${own}` : own;
  return [
    first,
    ...args.map((word) => {
      const [, flag = '', path = ''] = /^(-[^=]*=)?(.*)$/s.exec(word) ?? [];
      return flag + below(path, cwd);
    }),
  ];
}

function below(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const from = relative(cwd, path);
  return from === '' || from === '..' || /^\.\.[\\/]/.test(from) || isAbsolute(from) ? path : from;
}

/** Quotes a word for a POSIX shell. */
export function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
