import type { Conversation } from './conversation.ts';
import { derived } from './derived.ts';

/**
 * The conversation that each event of a play belongs to, by the index of the event. A list rather than a map, since a
 * play may have a million events.
 */
export const conversationsByEvent = derived(
  (conversations: readonly Conversation[]): readonly (Conversation | undefined)[] => {
    const found: (Conversation | undefined)[] = [];
    for (const conversation of conversations) {
      for (const { index } of conversation.moments) {
        while (found.length < index) found.push(undefined);
        found[index] = conversation;
      }
    }
    return found;
  },
);

/** The conversation of a play that an event belongs to; undefined for an event in none of them. */
export function conversationAt(
  index: number | undefined,
  { conversations }: { readonly conversations: readonly Conversation[] },
): Conversation | undefined {
  return index === undefined ? undefined : conversationsByEvent(conversations)[index];
}
