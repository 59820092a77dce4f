import type { Peer } from '../../../wire/trace.ts';
import type { Moment } from '../../conversation/conversation.ts';

export const PEERS: readonly Peer[] = ['client', 'server'];

export function other(peer: Peer): Peer {
  return peer === 'client' ? 'server' : 'client';
}

/** Whether an event was sent by a peer. */
export function isFrom({ event }: Moment, peer: Peer): boolean {
  return 'from' in event && event.from === peer;
}
