import { dirname, join } from 'node:path';

/** A program and its arguments. */
export type Command = readonly [command: string, args: readonly string[]];

// What npm installs, itself included, are scripts for the shell of Windows there, which cannot be started by themselves.
const onWindows = process.platform === 'win32';

/** `npm` and `npx` as they are started on this platform; other programs as they are. */
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
