import { endOf } from '../../shared/ending.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import type { Play } from '../../../judge/invariant.ts';

/** So long after it was sent a message has reached any client that still listens: 1 s. */
const ARRIVAL_MS = 1000;

/**
 * Whether the client must have got a message of the server: the connection went on for a while, or was closed by the
 * server in order, which comes after all messages. What was under way when a connection ended may be lost.
 */
export function hasArrived(atMs: number, conversation: Conversation, play: Play): boolean {
  const { serverClose, clientClose } = conversation;
  if (serverClose !== undefined && clientClose !== undefined && serverClose.index < clientClose.index)
    return true;
  const until = clientClose ?? endOf(conversation, play);
  return until !== undefined && until.event.atMs - atMs >= ARRIVAL_MS;
}
