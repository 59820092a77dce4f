import type { Conversation } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';

/**
 * Whether the recording of a conversation is complete: if events were dropped (journals are limited), a missing event
 * means nothing. A note that 0 events were dropped says that nothing is missing.
 */
export const isWhole = derived(
  ({ moments }: Conversation): boolean =>
    !moments.some(({ event }) => event.kind === 'note' && (event.dropped ?? 0) > 0),
);
