import type { Peer } from '../../../wire/trace.ts';
import type { Moment } from '../../conversation/conversation.ts';

/** Both sides of a connection. */
export const PEERS: readonly Peer[] = ['client', 'server'];

/** The other side of a connection. */
export function other(peer: Peer): Peer {
  return peer === 'client' ? 'server' : 'client';
}

/** Whether an event was sent by a peer. */
export function isFrom({ event }: Moment, peer: Peer): boolean {
  return 'from' in event && event.from === peer;
}
