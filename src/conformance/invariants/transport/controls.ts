import type { Conversation, Moment } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';

/** The moments of a conversation that are not messages: a few among thousands of messages. */
export const controlsOf = derived(({ moments }: Conversation): readonly Moment[] =>
  moments.filter(({ event: { kind } }) => kind !== 'text' && kind !== 'binary'),
);
