import { call } from '../api.ts';
import { pause } from '../clock.ts';

/** Something wrong in a scenario. */
export interface Mistake {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  /** What is wrong, and what was expected instead. */
  readonly what: string;
}

/** What is wrong with a scenario, or its dialect. */
export interface Checked {
  readonly mistakes: readonly Mistake[];
  readonly dialect?: string;
}

/** Nothing is checked while the user is typing. */
const CHECKED_AFTER_MS = 300;

/** A mistake in one line. */
export function wordsOf({ path, what }: Mistake): string {
  return path === '' ? what : `${path}: ${what}`;
}

/**
 * Checks a scenario once the user has stopped typing. Undefined if there is something newer to check, or no server to check
 * it.
 */
export async function check(text: string, signal: AbortSignal): Promise<Checked | undefined> {
  await pause(CHECKED_AFTER_MS, signal);
  if (signal.aborted) return undefined;
  if (text === '') return { mistakes: [{ line: 1, column: 1, path: '', what: 'There is nothing yet.' }] };
  try {
    return (await call('scenario-check', 'POST', text, 'json', true)) as Checked;
  } catch {
    return undefined;
  }
}
