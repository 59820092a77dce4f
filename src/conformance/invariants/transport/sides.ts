import type { Peer } from '../../../wire/trace.ts';
import { derived } from '../../conversation/derived.ts';
import type { Conversation, Moment } from '../../conversation/conversation.ts';

export const PEERS: readonly Peer[] = ['client', 'server'];

export function other(peer: Peer): Peer {
  return peer === 'client' ? 'server' : 'client';
}

/** Whether an event is something that a peer sent. */
export function isFrom({ event }: Moment, peer: Peer): boolean {
  return 'from' in event && event.from === peer;
}

/** Whether the observer has kept everything: a missing answer proves nothing where events are missing. */
export const isWhole = derived(
  ({ moments }: Conversation): boolean =>
    !moments.some(({ event }) => event.kind === 'note' && event.dropped !== undefined),
);

/** The time of the last thing that is known of a conversation. */
export function lastMs({ moments }: Conversation): number {
  return moments.at(-1)?.event.atMs ?? 0;
}
