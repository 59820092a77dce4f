import type { Conversation } from '../../conversation/conversation.ts';
import type { Peer } from '../../../wire/trace.ts';

/** How a conversation came to its end. */
export interface Ending {
  readonly index: number;
  readonly atMs: number;
  /** Who ended it: whose Close frame was the first, or who let the connection go. */
  readonly by: Peer | undefined;
  readonly code: number | undefined;
}

/** Undefined when the end was not seen. */
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

/** Until when it was seen, be that its end or not. */
export function lastMsOf({ moments }: Conversation): number {
  return moments.at(-1)?.event.atMs ?? 0;
}
