import type { TraceFact } from '../wire/trace.ts';

/** Marks missing events, so that the gap is not taken for silence. */
export function gap(what: string): TraceFact {
  return { kind: 'note', message: `(recorder) ${what}`, dropped: 1 };
}
