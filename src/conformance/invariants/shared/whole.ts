import type { Conversation } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';

/**
 * Whether whoever recorded a conversation has kept all of it: where events were given up (journals are limited), that
 * something is missing means nothing. A note that 0 events were dropped says that nothing is missing.
 */
export const isWhole = derived(
  ({ moments }: Conversation): boolean =>
    !moments.some(({ event }) => event.kind === 'note' && (event.dropped ?? 0) > 0),
);
