import { posix, win32 } from 'node:path';
import { type Dialect, vendorOf } from '../../../protocol/dialects.ts';
import { editionsOf, type EditionNames } from '../../../protocol/editions.ts';

/** The value of a flag; a list is a repeated flag, `true` a flag without a value, undefined one that was not given. */
export type FlagValue = string | number | readonly string[] | boolean | undefined;

/**
 * Words that a POSIX shell takes literally. `{url}` is our placeholder; braces with commas would be expanded by a
 * shell.
 */
const PLAIN = /^(?:[\w./:@%+=,-]|\{[a-z-]+\})+$/;

/** Words that both cmd and PowerShell take literally; the latter has meanings for @, commas and braces. */
const PLAIN_ON_WINDOWS = /^[\w./\\:+=-]+$/;
/** What one of the two replaces between double quotes. */
const REPLACED_ON_WINDOWS = /["$`%!]/;

/**
 * The command that judges one thing again, to be pasted into a shell of this platform in the directory of the run. It contains no
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
  return ['npx understudy conformance', side, ...[...words, ...tail].map((word) => quoted(word))].join(' ');
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
export function commandWords(
  command: string,
  args: readonly string[],
  cwd: string,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const { sep } = pathsOn(platform);
  const own = below(command, cwd, platform);
  // Without a separator it would be looked up in PATH.
  const first = own !== command && !own.includes(sep) ? `.${sep}${own}` : own;
  return [
    first,
    ...args.map((word) => {
      const [, flag = '', path = ''] = /^(-[^=]*=)?(.*)$/s.exec(word) ?? [];
      return flag + below(path, cwd, platform);
    }),
  ];
}

function below(path: string, cwd: string, platform: NodeJS.Platform): string {
  const paths = pathsOn(platform);
  if (!paths.isAbsolute(path)) return path;
  const from = paths.relative(cwd, path);
  return from === '' || from === '..' || /^\.\.[\\/]/.test(from) || paths.isAbsolute(from) ? path : from;
}

function pathsOn(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

/** Quotes a word for a POSIX shell; on Windows for cmd and PowerShell, or where that cannot be, for PowerShell. */
export function quoted(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32') return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  if (PLAIN_ON_WINDOWS.test(word)) return word;
  return REPLACED_ON_WINDOWS.test(word) ? `'${word.replaceAll("'", "''")}'` : `"${word}"`;
}
