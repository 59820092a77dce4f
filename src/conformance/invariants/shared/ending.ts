import { derived } from '../../conversation/derived.ts';
import type { Conversation, Moment } from '../../conversation/conversation.ts';
import type { Play } from '../../judge/invariant.ts';
import type { Peer } from '../../../wire/trace.ts';

/** How a conversation came to its end. */
export interface Ending {
  readonly index: number;
  readonly atMs: number;
  /** The side that ended it: the one that sent the first Close frame, or dropped the connection. */
  readonly by: Peer | undefined;
  readonly code: number | undefined;
}

/** Close codes of a service that goes away, restarts or is busy, whatever a client does (RFC 6455 §7.4.1, IANA). */
export const OF_SERVICE: readonly (number | undefined)[] = [1001, 1012, 1013];

/** Undefined if the end was not seen. */
export function endingOf({ serverClose, clientClose, end }: Conversation): Ending | undefined {
  const closes = [serverClose, clientClose].filter((close) => close !== undefined);
  const [close] = closes.sort((a, b) => a.index - b.index);
  if (close !== undefined && (end === undefined || close.index < end.index)) {
    const { event, index } = close;
    return { index, atMs: event.atMs, by: event.from, code: event.code };
  }
  if (end === undefined) return undefined;
  return { index: end.index, atMs: end.event.atMs, by: end.event.by, code: undefined };
}

/** The time of its last event, whether or not that is its end. */
export function lastMsOf({ moments }: Conversation): number {
  return moments.at(-1)?.event.atMs ?? 0;
}

/** The last event of the play. */
const lastOf = derived(({ conversations }: Play): Moment | undefined => {
  let last: Moment | undefined;
  for (const { moments } of conversations) {
    const own = moments.at(-1);
    if (own !== undefined && own.index > (last?.index ?? -1)) last = own;
  }
  return last;
});

/** The last point known of a conversation: its end, or the end of the play if it is still open. */
export function endOf({ end, moments }: Conversation, play: Play): Moment | undefined {
  return end ?? lastOf(play) ?? moments.at(-1);
}

/** The Close frame with which the server ended it; undefined if the server only answered the client's. */
export function serverLeavingOf({ clientClose, serverClose }: Conversation): Conversation['serverClose'] {
  return serverClose !== undefined && serverClose.index < (clientClose?.index ?? Infinity)
    ? serverClose
    : undefined;
}

/** What the client did to end it; undefined if the client was not the first to end it. */
export function leavingOf({ clientClose, serverClose, end }: Conversation): Moment | undefined {
  if (serverClose !== undefined && serverClose.index < (clientClose?.index ?? Infinity)) return undefined;
  if (clientClose !== undefined) return clientClose;
  return end?.event.by === 'client' ? end : undefined;
}
