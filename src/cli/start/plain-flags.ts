import { isList } from '../../runtime/json/fields.ts';
import type { Flags } from '../flag.ts';

/**
 * Reads flags that need no interpretation (`--port 0 --json --key=a --key=b`) as yargs would, which takes longer to
 * load than everything else that a start needs. Anything else is left to yargs: help, mistakes, several values after
 * one flag, empty values, quotes.
 *
 * @returns the values by the names of the flags; undefined if yargs has to read it
 */
export function plainFlags(
  args: readonly string[],
  flags: Flags,
): Readonly<Record<string, unknown>> | undefined {
  const given: Record<string, unknown> = {};
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name = '', own] = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const isOff = !Object.hasOwn(flags, name) && name.startsWith('no-');
    const flag = isOff ? name.slice('no-'.length) : name;
    const { type, array, requiresArg } = (Object.hasOwn(flags, flag) ? flags[flag]?.yargs : undefined) ?? {};
    const before = given[flag];
    if (type === 'boolean' && own === undefined && before === undefined) given[flag] = !isOff;
    else if (type !== 'string' || isOff || (before !== undefined && array !== true)) return undefined;
    else if (own === undefined && requiresArg !== true) given[flag] = '';
    else {
      const text = own ?? rest.shift() ?? '';
      // yargs removes quotes that a shell has left.
      if (text === '' || /^[-'"]/.test(text)) return undefined;
      given[flag] = array === true ? [...(isList(before) ? before : []), text] : text;
    }
  }
  return given;
}
