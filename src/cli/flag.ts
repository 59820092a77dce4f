import { isList } from '../runtime/json/fields.ts';
import type { Argv, Options } from 'yargs';
import { UserError, type Mistake } from '../runtime/errors.ts';

/** What yargs found for a flag: text, a list of it if the flag was given more than once, or whether it was given. */
type Given = unknown;

/** A flag of a command, all in one place: what help says, its default, how it is read, and what it sets. */
export interface Flag<Value> {
  readonly yargs: Options;
  /** @throws UserError, which need not name the flag */
  readonly read: (given: Given) => Value;
  /** The options of the library that it sets, for errors about them. */
  readonly sets: readonly string[];
  /** The environment variable that has its value where the flag is not given; an empty one is none. */
  readonly env?: string | undefined;
  /** The flag that has to be given with it. */
  readonly needs?: string | undefined;
}

/** The flags of a command by their names, without dashes. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** What a command gets of its flags. */
export type ValuesOf<All extends Flags> = { readonly [Name in keyof All]: ReturnType<All[Name]['read']> };

/** What else is known of a flag: `sets`, `env`, `needs`, and what yargs shows or demands. */
interface More
  extends
    Omit<Options, 'describe' | 'type' | 'coerce' | 'default' | 'implies'>,
    Partial<Pick<Flag<unknown>, 'sets' | 'env' | 'needs'>> {}

/**
 * A flag with a value, given at most once. All values come as text: yargs reads an empty one as the number 0.
 *
 * @param read @throws UserError
 * @param more with `missing`, the flag has to be given, and this is said where it is not
 */
export function one<Value>(
  describe: string,
  read: (text: string) => Value,
  more: More & ({ readonly default: string } | { readonly missing: string }),
): Flag<Value>;
export function one<Value>(
  describe: string,
  read: (text: string) => Value,
  more?: More,
): Flag<Value | undefined>;
export function one<Value>(
  describe: string,
  read: (text: string) => Value,
  {
    sets = [],
    env,
    needs,
    missing,
    ...more
  }: More & { readonly default?: string; readonly missing?: string } = {},
): Flag<Value | undefined> {
  return {
    yargs: { type: 'string', requiresArg: true, describe, ...more },
    read(given) {
      if (given !== undefined) return read(onlyOne(given));
      if (missing !== undefined) throw new UserError(missing);
      return undefined;
    },
    sets,
    env,
    needs,
  };
}

/**
 * A flag with a value that may be given more than once.
 *
 * @param read takes all of them. @throws UserError
 */
export function many<Value>(
  describe: string,
  read: (texts: readonly string[]) => Value,
  { sets = [], ...more }: More = {},
): Flag<Value> {
  const nothing: string[] = [];
  const none = more.array === true ? { default: nothing, defaultDescription: 'none' } : {};
  return {
    yargs: { type: 'string', requiresArg: true, describe, ...none, ...more },
    read: (given) => read(typeof given === 'string' ? [given] : isList(given) ? given.map(String) : []),
    sets,
  };
}

/** A flag without a value (false). */
export function toggle(describe: string): Flag<boolean> {
  return { yargs: { type: 'boolean', default: false, describe }, read: (given) => given === true, sets: [] };
}

/** Text, as it is. */
export const asText = (text: string): string => text;
export const asTexts = (texts: readonly string[]): readonly string[] => texts;

/** Tells yargs of the flags, in their order. */
export function withFlags<Others>(argv: Argv<Others>, flags: Flags): Argv<Others> {
  for (const [name, { yargs }] of Object.entries(flags)) argv.option(name, yargs);
  return argv;
}

/**
 * Reads what yargs found. Not by `coerce` of yargs: that makes a text of an error, and stops at the first.
 *
 * @throws UserError with every flag that cannot be read
 */
export function readAll<All extends Flags>(
  flags: All,
  given: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv = process.env,
): ValuesOf<All> {
  const wrong: Mistake[] = [];
  const values = Object.entries(flags).map(([flag, { read, env = '', needs }]) => {
    if (needs !== undefined && given[flag] !== undefined && given[needs] === undefined)
      wrong.push({ flag, what: `expected --${needs} with it` });
    try {
      return [flag, read(given[flag] ?? (environment[env] || undefined))];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Of what is in a file, its place there says enough.
      wrong.push(
        ...error.mistakes.map((mistake) => (mistake.file === undefined ? { flag, ...mistake } : mistake)),
      );
      return [flag, undefined];
    }
  });
  if (wrong.length > 0) throw new UserError(wrong);
  // Each value was read by the flag of its name.
  return Object.fromEntries(values) as ValuesOf<All>;
}

/** What the library says of its options, said of the flags that set them. Anything else stays what it is. */
export function inFlags(error: unknown, flags: Flags): unknown {
  if (!(error instanceof UserError)) return error;
  const flagOf = new Map(
    Object.entries(flags).flatMap(([flag, { sets }]) => sets.map((name) => [name, flag])),
  );
  return new UserError(
    error.mistakes.map((mistake) => {
      const flag = flagOf.get(mistake.option ?? '');
      return flag === undefined ? mistake : { ...mistake, option: undefined, flag };
    }),
  );
}

function onlyOne(given: Given): string {
  if (typeof given === 'string') return given;
  const times = Array.isArray(given) ? given.length : 0;
  throw new UserError(`given ${times} times, expected once`);
}
