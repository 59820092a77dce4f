import type { Peer, TraceEvent } from '../../../../../src/wire/trace.ts';

/** By how much each message of one side is seen later; the list is repeated. */
export interface SlowLine {
  readonly from: Peer;
  readonly laterMs: readonly number[];
}

/**
 * A trace of one end as the other end of a slow line would have recorded it: what `from` sent comes later, in order, and
 * so after more of what the other side sent. Requests and answers to them stay where they are: nothing is sent before an
 * answer.
 */
export function throughSlowLine(
  events: readonly TraceEvent[],
  { from, laterMs }: SlowLine,
): readonly TraceEvent[] {
  /** When the last message of each session arrived. */
  const arrivedMs = new Map<string, number>();
  /** When the other side broke off: what comes later is lost. */
  const brokenMs = new Map<string, number>();
  let count = 0;
  const seen = events.map((event): TraceEvent => {
    const { session } = event;
    if (event.kind === 'end' && event.how !== 'close' && event.by !== from) {
      brokenMs.set(session, event.atMs);
      return event;
    }
    if (!isSentBy(event, from) && event.kind !== 'end') return event;
    const atMs = Math.max(arrivedMs.get(session) ?? 0, event.atMs + (laterMs[count++ % laterMs.length] ?? 0));
    arrivedMs.set(session, atMs);
    return { ...event, atMs };
  });
  return seen
    .filter(({ kind, session, atMs }) => kind === 'report' || atMs <= (brokenMs.get(session) ?? Infinity))
    .sort((a, b) => a.atMs - b.atMs);
}

function isSentBy(event: TraceEvent, peer: Peer): boolean {
  if (event.kind === 'report') return peer === 'client';
  return 'from' in event && event.from === peer;
}
