import { isAbsolute, relative } from 'node:path';

/** A value of a flag; a list is a flag that is repeated, `true` one without a value, undefined one that was not given. */
export type FlagValue = string | number | readonly string[] | boolean | undefined;

/** What a POSIX shell takes as it is. `{url}` is ours; braces with commas are not left to a shell. */
const PLAIN = /^(?:[\w./:@%+=,-]|\{[a-z-]+\})+$/;

/**
 * The command that judges one thing again, to be pasted into a shell in the directory of the run. Credentials are not in
 * it: those of a server come from the environment.
 *
 * @param tail what stands behind the flags, word by word
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

/** A length of time as a flag has it. */
export function durationFlag(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${ms}ms`;
}

/** A command with what is below the working directory named from there; other paths stay as they are. */
export function commandWords(command: string, args: readonly string[], cwd: string): readonly string[] {
  const own = below(command, cwd);
  // Without a slash it would be looked for in PATH.
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

/** For a POSIX shell. */
export function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
