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

/**
 * A trace of one end as a relay would have recorded it before the slow part of the line: what `from` sent comes earlier,
 * in order, but not before the answer to the request.
 */
export function beforeSlowLine(
  events: readonly TraceEvent[],
  { from, laterMs }: SlowLine,
): readonly TraceEvent[] {
  const openMs = Math.max(0, ...events.map(({ kind, atMs }) => (kind === 'response' ? atMs : 0)));
  let nextMs = Infinity;
  const seen = events.toReversed().map((event, i): TraceEvent => {
    if (event.atMs <= openMs) return event;
    // What the audio is, is said before the audio.
    if (event.kind === 'context') return { ...event, atMs: Math.min(nextMs, event.atMs) };
    if (!isMessageOf(event, from)) return event;
    nextMs = Math.max(openMs, Math.min(nextMs, event.atMs - (laterMs[i % laterMs.length] ?? 0)));
    return { ...event, atMs: nextMs };
  });
  return seen.toReversed().sort((a, b) => a.atMs - b.atMs);
}

function isMessageOf(event: TraceEvent, peer: Peer): boolean {
  return event.kind !== 'report' && isSentBy(event, peer);
}

function isSentBy(event: TraceEvent, peer: Peer): boolean {
  if (event.kind === 'report') return peer === 'client';
  return 'from' in event && event.from === peer;
}
