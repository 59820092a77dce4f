import { basename, isAbsolute, relative } from 'node:path';
import { quoted } from '../../report/repeat/repeat.ts';

/**
 * A command for the heading of a report: for people, and without absolute paths of this machine. Paths below the
 * working directory are relative to it; all others are shortened to their last part.
 *
 * @param hide removes secrets
 */
export function shownCommand(
  words: readonly string[],
  cwd: string,
  hide: (text: string) => string = (text) => text,
): string {
  return words.map((word) => quoted(hide(withoutPlace(word, cwd)))).join(' ');
}

/** `--config=/home/me/x` contains a path too. */
function withoutPlace(word: string, cwd: string): string {
  const [, flag = '', path = ''] = /^(-[^=]*=)?(.*)$/s.exec(word) ?? [];
  if (!isAbsolute(path)) return word;
  const below = relative(cwd, path);
  const isBelow = below !== '' && below !== '..' && !/^\.\.[\\/]/.test(below) && !isAbsolute(below);
  return flag + (isBelow ? below : basename(path));
}
