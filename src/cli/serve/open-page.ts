import { spawn } from 'node:child_process';
import { messageOf } from '../../runtime/errors.ts';

/** The program that opens an address in the user's browser, by platform. */
const OPENERS: Readonly<Record<string, readonly [string, ...(readonly string[])]>> = {
  darwin: ['open'],
  win32: ['explorer'],
};

/** Opens an address in the user's browser. `say` is given the reason if that is not possible. */
export function openPage(url: string, say: (sentence: string) => void, platform = process.platform): void {
  const [command, ...args] = OPENERS[platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, url], { detached: true, stdio: 'ignore' });
  child.on('error', (error) => say(`The page cannot be opened by ${command} (${messageOf(error)}): ${url}`));
  // The fake does not wait for the browser.
  child.unref();
}
