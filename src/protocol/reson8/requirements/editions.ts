import type { EditionRange } from '../../requirement.ts';

/** For the refusals that the vendor's plugins of August 2026 read. */
export const OF_PLUGINS: EditionRange = {
  since: '2026-08',
  why: 'S4 does not say what a refusal looks like; only newer clients need it',
};
