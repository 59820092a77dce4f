import { endOf } from './ending.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import type { Play } from '../../judge/invariant.ts';
import { runningMs } from '../../judge/stalls-in-play.ts';

/** After this time, in which the observer was running, a message has reached a peer that still listens. */
export const ARRIVAL_MS = 1000;

/**
 * Whether the client must have received a message of the server: the connection went on for a while, or the server
 * closed it properly, which comes after all messages. Messages in flight when a connection breaks may be lost.
 */
export function hasArrived(atMs: number, conversation: Conversation, play: Play): boolean {
  const { serverClose, clientClose } = conversation;
  if (serverClose !== undefined && clientClose !== undefined && serverClose.index < clientClose.index)
    return true;
  const until = clientClose ?? endOf(conversation, play);
  return until !== undefined && runningMs(atMs, until.event.atMs, play) >= ARRIVAL_MS;
}
