import { derived } from '../../conversation/derived.ts';
import type { Play } from '../../judge/invariant.ts';

/**
 * Whether the client of a play reports what its user sees: either it has done so here, or the observer knows it from
 * elsewhere. If a client does not report, missing reports mean nothing.
 */
export const isReporting = derived(({ conversations }: Play): boolean =>
  conversations.some(
    ({ context, moments }) =>
      context.reports === true || moments.some(({ event }) => event.kind === 'report'),
  ),
);
