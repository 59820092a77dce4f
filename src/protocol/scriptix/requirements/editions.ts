import type { EditionRange } from '../../requirement.ts';

/** For requirements about `loading`. */
export const WITH_LOADING: EditionRange = {
  until: 'documents',
  why: 'listening comes first there, and nothing is said before it',
};

/** For fields that only results with `is_final` have. */
export const FLAGGED: EditionRange = {
  until: 'examples',
  why: 'its results are partial and result, and have no is_final, offset_ms and stability',
};

/** For requirements that come from the needs of the vendor's published programs. */
export const OF_PROGRAMS: EditionRange = { since: 'examples', why: 'only the published programs need it' };
