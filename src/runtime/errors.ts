import { suggestion } from './text/closest.ts';

/** One mistake of the user: where it is, what is wrong, and what may have been meant. */
export interface Mistake {
  /** The command or the function, if the mistake is in how its arguments fit together. */
  readonly command?: string | undefined;
  /** The flag, without its dashes. */
  readonly flag?: string | undefined;
  /** The environment variable. */
  readonly variable?: string | undefined;
  /** The option of the library, such as `journal.bytes`. */
  readonly option?: string | undefined;
  /** The value of the flag or option, if it shows which of several is meant. */
  readonly value?: string | undefined;
  /** The path of the file, as it was given. */
  readonly file?: string | undefined;
  /** The line in the file, from 1. */
  readonly line?: number | undefined;
  /** The column in the line, from 1. */
  readonly column?: number | undefined;
  /** The key in the file, such as `1.reason`. */
  readonly key?: string | undefined;
  /** What is wrong, and what was expected instead. */
  readonly what: string;
  /** A suggestion. */
  readonly meant?: string | undefined;
  /** The code of the operating system, such as `ENOENT`. */
  readonly code?: string | undefined;
}

/**
 * Mistakes of the user, in flags, files or options: as data for programs, and as sentences. The command line prints
 * them without a stack and exits with 2.
 */
export class UserError extends Error {
  /** Always `UserError`. */
  override readonly name = 'UserError';
  /** At least one; `message` has a line for each. */
  readonly mistakes: readonly Mistake[];

  /** @param what describes one mistake, with `where` it is; or all of them */
  constructor(what: string | readonly Mistake[], where: Omit<Mistake, 'what'> = {}) {
    const mistakes = typeof what === 'string' ? [{ ...where, what }] : what;
    super(mistakes.map(sentenceOf).join('\n'));
    this.mistakes = mistakes;
  }
}

/** Where it is, what is wrong, and what may have been meant. */
export function sentenceOf(mistake: Mistake): string {
  const { what, meant } = mistake;
  return `${placesOf(mistake)
    .map((place) => `${place}: `)
    .join('')}${what}${suggestion(meant) ?? ''}`;
}

function placesOf({
  command,
  flag,
  variable,
  option,
  value,
  file,
  line,
  column,
  key,
}: Mistake): readonly string[] {
  const given = value === undefined ? '' : ` ${value}`;
  const places = [
    command,
    flag === undefined ? undefined : `--${flag}${given}`,
    variable === undefined ? undefined : `${variable}${given}`,
    option === undefined || option === '' ? undefined : `${option}${given}`,
    file === undefined
      ? undefined
      : [file === '' ? '""' : file, line, column].filter((part) => part !== undefined).join(':'),
    key === '' ? undefined : key,
  ];
  return places.filter((place) => place !== undefined);
}

/** A file that cannot be read, and why. */
export function unreadable(file: string, error: unknown, where: Omit<Mistake, 'what'> = {}): UserError {
  if (error instanceof UserError) return error;
  const code = codeOf(error);
  return new UserError(`cannot be read: ${systemReason(error)}`, { ...where, file, code });
}

/** What codes of the operating system about files mean to someone who has never seen them. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission is denied'],
  ['EBUSY', 'something else is using it'],
  ['EEXIST', 'it exists already'],
  ['EFBIG', 'the file would be too large'],
  ['EIO', 'the disk does not work as it should'],
  ['EISDIR', 'it is a folder'],
  ['ELOOP', 'its links lead in a circle'],
  ['EMFILE', 'this process has too many files open'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ENFILE', 'this machine has too many files open'],
  ['ENOENT', 'there is no such file or folder'],
  ['ENOSPC', 'the disk is full'],
  ['ENOTDIR', 'a part of the path is a file, not a folder'],
  ['EPERM', 'it is not permitted'],
  ['EROFS', 'the disk is read-only'],
]);

/** Why the operating system refused something about a file: in words, with the code to look up. */
export function systemReason(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return messageOf(error);
  const words = WORDS.get(code);
  if (words !== undefined) return `${words} (${code})`;
  // The codes of Node.js itself say less than its sentences.
  return code.startsWith('ERR_') ? messageOf(error) : code;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node.js system error (`ECONNREFUSED`, …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
