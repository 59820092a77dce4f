import { basename, isAbsolute, relative } from 'node:path';
import { quoted } from '../../report/repeat/repeat.ts';

/**
 * A command as the heading of a report has it: for people, and with no absolute path of this machine. What is below the
 * working directory is named from there, everything else by its last part.
 *
 * @param hide takes secrets out
 */
export function shownCommand(
  words: readonly string[],
  cwd: string,
  hide: (text: string) => string = (text) => text,
): string {
  return words.map((word) => quoted(hide(withoutPlace(word, cwd)))).join(' ');
}

/** `--config=/home/me/x` has a path, too. */
function withoutPlace(word: string, cwd: string): string {
  const [, flag = '', path = ''] = /^(-[^=]*=)?(.*)$/s.exec(word) ?? [];
  if (!isAbsolute(path)) return word;
  const below = relative(cwd, path);
  const isBelow = below !== '' && below !== '..' && !/^\.\.[\\/]/.test(below) && !isAbsolute(below);
  return flag + (isBelow ? below : basename(path));
}
