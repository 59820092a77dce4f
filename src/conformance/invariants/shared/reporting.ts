import { derived } from '../../conversation/derived.ts';
import type { Play } from '../../judge/invariant.ts';

/**
 * Whether the client of a play tells what its user sees: it has done so here, or the observer knows it from elsewhere.
 * Of one that does not, nothing can be said about what is missing.
 */
export const isReporting = derived(({ conversations }: Play): boolean =>
  conversations.some(
    ({ context, moments }) =>
      context.reports === true || moments.some(({ event }) => event.kind === 'report'),
  ),
);
