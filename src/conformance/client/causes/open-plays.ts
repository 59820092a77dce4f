import type { Dialect } from '../../../protocol/dialects.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import { isWhole } from '../../invariants/shared/whole.ts';
import type { PlayFacts } from './play-facts.ts';

/** The accepted connections of a play, in which a client can do its work. */
export interface OpenPlay {
  readonly name: string;
  readonly sessions: readonly Conversation[];
}

/** The plays with at least one of them. What the client did on a connection with dropped events is unknown. */
export function openPlays(plays: readonly PlayFacts[], dialect: Dialect): readonly OpenPlay[] {
  return plays.flatMap(({ name, connections }) => {
    const sessions = connections
      .filter(({ at, conversation }) => at === dialect && conversation.isOpen && isWhole(conversation))
      .map(({ conversation }) => conversation);
    return sessions.length === 0 ? [] : [{ name, sessions }];
  });
}

/** Whether the client ended it: with a Close frame before the server's, or without any Close frame. */
export function isLeft({ serverClose, clientClose, end }: Conversation): boolean {
  if (clientClose !== undefined) return clientClose.index < (serverClose?.index ?? Infinity);
  return serverClose === undefined && end?.event.by === 'client';
}

/** How many bytes of audio the client sent on a connection. */
export function audioBytesOf({ moments }: Conversation): number {
  return moments.at(-1)?.audio.byteCount ?? 0;
}
