import { isList } from '../runtime/json/fields.ts';
import type { Argv, Options } from 'yargs';
import { UserError, type Mistake } from '../runtime/errors.ts';
import { listed } from '../runtime/text/listed.ts';
import { isServiceLink } from './environment.ts';

/** What yargs found for a flag: text, a list of it if the flag was given more than once, or whether it was given. */
type Given = unknown;

/**
 * A flag of a command, with everything about it in one place: its help, its default, how it is read, and what it sets.
 */
export interface Flag<Value> {
  readonly yargs: Options;
  /**
   * Reads what was given.
   *
   * @throws UserError, which need not name the flag
   */
  readonly read: (given: Given) => Value;
  /** What is read if nothing is given. */
  readonly default?: string | undefined;
  /** Whether it may be given more than once; in the environment, its values are separated by commas. */
  readonly isRepeatable?: boolean;
  /** The options of the library that it sets, to translate errors about them. */
  readonly sets: readonly string[];
  /** The environment variable that has its value if the flag is not given; an empty one counts as absent. */
  readonly env?: string | undefined;
  /** Other flags: without any of them it would do nothing, and is refused. */
  readonly needs?: readonly string[] | undefined;
}

/** The flags of a command by their names, without dashes. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** The values of a command's flags. */
export type ValuesOf<All extends Flags> = { readonly [Name in keyof All]: ReturnType<All[Name]['read']> };

/** Further properties of a flag: `sets`, `env`, `needs`, and what yargs shows or demands. */
interface More
  extends
    Omit<Options, 'describe' | 'type' | 'coerce' | 'default' | 'implies'>,
    Partial<Pick<Flag<unknown>, 'sets' | 'env' | 'needs'>> {}

/**
 * A flag with a value, given at most once. All values are read as text, since yargs reads an empty one as the number 0.
 *
 * @param read @throws UserError
 * @param more with `missing`, the flag is required, and this is the error without it
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
    default: fallback,
    ...more
  }: More & { readonly default?: string; readonly missing?: string } = {},
): Flag<Value | undefined> {
  return {
    yargs: { type: 'string', requiresArg: true, describe, defaultDescription: fallback, ...more },
    default: fallback,
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
  { sets = [], env, needs, ...more }: More = {},
): Flag<Value> {
  const none = more.array === true ? { defaultDescription: 'none' } : {};
  return {
    yargs: { type: 'string', requiresArg: true, describe, ...none, ...more },
    isRepeatable: true,
    read: (given) => read(typeof given === 'string' ? [given] : isList(given) ? given.map(String) : []),
    sets,
    env,
    needs,
  };
}

/** A flag without a value (false). */
export function toggle(describe: string, sets: readonly string[] = []): Flag<boolean> {
  return switched(describe, false, sets);
}

/** A flag without a value that is on by default (true); `--no-…` turns it off. */
export function toggleOff(describe: string): Flag<boolean> {
  return switched(describe, true);
}

function switched(describe: string, isOn: boolean, sets: readonly string[] = []): Flag<boolean> {
  return {
    yargs: { type: 'boolean', defaultDescription: String(isOn), describe },
    read: (given) =>
      typeof given === 'string' ? isTrue(given) : given === undefined ? isOn : given === true,
    sets,
  };
}

/** A flag without a value (false), or with this one. */
export function toggleOr<Value extends string>(
  describe: string,
  value: Value,
  needs?: readonly string[],
): Flag<boolean | Value> {
  return {
    yargs: { type: 'string', defaultDescription: 'false', describe },
    read(given) {
      if (given === undefined || given === false) return false;
      if (given === true || given === '') return true;
      const text = onlyOne(given);
      return text === value ? value : isTrue(text, [value]);
    },
    sets: [],
    needs,
  };
}

/** Text, unchanged. */
export const asText = (text: string): string => text;
/** Texts, unchanged. */
export const asTexts = (texts: readonly string[]): readonly string[] => texts;

/** Declares the flags to yargs, in their order. */
export function withFlags<Others>(argv: Argv<Others>, flags: Flags): Argv<Others> {
  for (const [name, { yargs }] of Object.entries(flags)) argv.option(name, yargs);
  return argv;
}

/**
 * Reads what yargs found, and the environment for flags that were not given. Does not use `coerce` of yargs, which
 * turns an error into text and stops at the first one.
 *
 * @throws UserError with every flag that cannot be read
 */
export function readAll<All extends Flags>(
  flags: All,
  given: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv = process.env,
): ValuesOf<All> {
  const wrong: Mistake[] = [];
  const isSet = (flag: string) =>
    given[flag] !== undefined || valueIn(environment, flags[flag]) !== undefined;
  const values = Object.entries(flags).map(([name, flag]) => {
    const { needs } = flag;
    const place = placeOf(name, flag, given, environment);
    let value: unknown;
    try {
      value = flag.read(given[name] ?? valueIn(environment, flag) ?? flag.default);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // For mistakes in a file, their place in the file says enough.
      wrong.push(
        ...error.mistakes.map((mistake) => (mistake.file === undefined ? { ...place, ...mistake } : mistake)),
      );
    }
    if (needs !== undefined && value !== false && isSet(name) && !needs.some(isSet))
      wrong.push({ ...place, what: `expected --${needs.join(' or --')} with it` });
    return [name, value];
  });
  if (wrong.length > 0) throw new UserError(wrong);
  // Each value was read by the flag of its name.
  return Object.fromEntries(values) as ValuesOf<All>;
}

/** Where a value is from, for errors about it. */
export type Place = Pick<Mistake, 'flag' | 'variable'>;

/** Where the value of a flag comes from. */
export function placeOf(
  name: string,
  flag: Flag<unknown>,
  given: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv,
): Place {
  const isFromEnvironment = given[name] === undefined && valueIn(environment, flag) !== undefined;
  return isFromEnvironment ? { variable: flag.env } : { flag: name };
}

/** The value of a flag in the environment; undefined without one. */
export function valueIn(environment: NodeJS.ProcessEnv, flag?: Flag<unknown>): Given {
  const text = environment[flag?.env ?? ''] ?? '';
  if (text === '' || isServiceLink(text)) return undefined;
  return flag?.isRepeatable === true ? text.split(',').map((each) => each.trim()) : text;
}

function isTrue(text: string, others: readonly string[] = []): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new UserError(`expected ${listed(['true', 'false', ...others])}, got "${text}"`);
}

function onlyOne(given: Given): string {
  if (typeof given === 'string') return given;
  const times = Array.isArray(given) ? given.length : 0;
  throw new UserError(`given ${times} times, expected once`);
}
