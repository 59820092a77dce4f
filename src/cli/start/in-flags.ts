import { UserError } from '../../runtime/errors.ts';
import { placeOf, valueIn, type Flags, type Place } from '../flag.ts';
import { inUnits } from './in-units.ts';

/** What is wrong with a port, by the code of the system, for someone who has given it as a flag. */
const OF_PORT: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; --port 0 takes a free one',
  EACCES: 'listening there is not permitted; --port 0 takes a free one',
};

/**
 * Turns what is said about options of the library, or about flags, into what is wrong with the flags or variables that
 * were given. Leaves anything else unchanged.
 */
export function inFlags(
  error: unknown,
  flags: Flags,
  given: Readonly<Record<string, unknown>> = {},
  environment: NodeJS.ProcessEnv = {},
): unknown {
  if (!(error instanceof UserError)) return error;
  const placeFor = new Map<string, Place>();
  for (const [name, flag] of Object.entries(flags)) {
    const isGiven = given[name] !== undefined || valueIn(environment, flag) !== undefined;
    // Of several flags that set the same, the one that was given.
    for (const option of flag.sets) {
      if (isGiven || !placeFor.has(option)) placeFor.set(option, placeOf(name, flag, given, environment));
    }
  }
  /** Of a flag that whoever found the mistake has named, without knowing where its value is from. */
  const ownPlace = (name = '') => {
    const flag = flags[name];
    return flag === undefined ? undefined : placeOf(name, flag, given, environment);
  };
  return new UserError(
    error.mistakes.map((mistake) => {
      const place = placeFor.get(mistake.option ?? '') ?? ownPlace(mistake.flag);
      if (place === undefined) return mistake;
      const { option, code = '', what } = mistake;
      const told = option === 'port' ? (OF_PORT[code] ?? what) : inUnits(option ?? '', what);
      return { ...mistake, command: undefined, option: undefined, flag: undefined, ...place, what: told };
    }),
  );
}
