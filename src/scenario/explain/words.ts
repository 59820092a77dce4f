import { closest } from '../../runtime/text/closest.ts';
import { listed } from '../../runtime/text/listed.ts';

/** A value in a form that its author recognises. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  if (text.length <= LONGEST_SHOWN) return text;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return `keys ${listed(Object.keys(value).slice(0, 5), 'and')}`;
  return `${text.slice(0, LONGEST_SHOWN - 2)}…"`;
}

const LONGEST_SHOWN = 60;

/** A known word that is similar to an unknown one, if there is any. */
export function meantBy(word: string, candidates: readonly string[]): string | undefined {
  return closest(
    word,
    candidates.filter((candidate) => candidate !== word),
  );
}

/** Longer names are cut in messages, since a wrong key can be a whole paragraph. */
const LONGEST_NAME = 60;

/** The name of a key in messages. */
export function name(key: string): string {
  return JSON.stringify(key.length > LONGEST_NAME ? `${key.slice(0, LONGEST_NAME - 1)}…` : key);
}
