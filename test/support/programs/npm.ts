import { dirname, join } from 'node:path';

/** A program and its arguments. */
export type Command = readonly [command: string, args: readonly string[]];

// On Windows, programs that npm installs, and npm itself, are shell scripts, which cannot be started directly.
const onWindows = process.platform === 'win32';

/** How `npm` and `npx` are started on this platform; other programs are unchanged. */
export function startable(command: string, args: readonly string[]): Command {
  if (!onWindows || (command !== 'npm' && command !== 'npx')) return [command, args];
  const script = join(dirname(process.execPath), 'node_modules/npm/bin', `${command}-cli.js`);
  return [process.execPath, [script, ...args]];
}

/** A command of a package that is installed in a folder. */
export function installed(folder: string, name: string, args: readonly string[]): Command {
  const path = join(folder, 'node_modules/.bin', name);
  return onWindows ? ['cmd', ['/d', '/c', `${path}.cmd`, ...args]] : [path, args];
}
