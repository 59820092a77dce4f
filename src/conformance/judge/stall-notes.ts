import { inTenths, type Clock } from '../../runtime/clock.ts';
import { watchStalls, type Stall } from '../../runtime/stalls.ts';
import type { Peer, TraceEvent, TraceFact } from '../../wire/trace.ts';
import { isReadIn, lateUntilMs, type Tolerances } from './tolerances.ts';

/** A stall of the observer, as traces note it. */
export type NotedStall = NonNullable<Extract<TraceFact, { kind: 'note' }>['stall']>;

/** Adds notes on the runner's own stalls to events. The runner's clock was at `aheadMs` when that of the events was at 0. */
export type NoteStalls = (events: readonly TraceEvent[], aheadMs: number) => readonly TraceEvent[];

/**
 * Watches the runner until it is disposed of.
 * @param clock real time
 * @param judged the side that the runner judges, and reads
 */
export function stallNoting(
  clock: Clock,
  judged: Peer,
  tolerances: Tolerances,
): Disposable & { readonly note: NoteStalls } {
  const watch = watchStalls(clock, tolerances.stallMs);
  return {
    note: (events, aheadMs) => withStallNotes(events, watch.stalls, aheadMs, judged, tolerances),
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

/**
 * The events with notes on the stalls in which they were read: one for each session and stall, after the first event
 * that it concerns. Stalls in which nothing was read leave no note.
 * @param events in order of time
 * @param stalls in order of time, on a clock that was at `aheadMs` when that of the events was at 0
 */
export function withStallNotes(
  events: readonly TraceEvent[],
  stalls: readonly Stall[],
  aheadMs: number,
  readFrom: Peer,
  tolerances: Tolerances,
): readonly TraceEvent[] {
  const own = stalls.flatMap(({ fromMs, untilMs }) => {
    const span = {
      fromMs: Math.max(0, inTenths(fromMs - aheadMs)),
      untilMs: inTenths(untilMs - aheadMs),
      readFrom,
    };
    // One that was over before the events began has delayed none of them.
    return span.untilMs > 0 ? [span] : [];
  });
  if (own.length === 0) return events;
  const noted = new Set<string>();
  const all: TraceEvent[] = [];
  let next = 0;
  for (const event of events) {
    all.push(event);
    const { session, atMs, kind } = event;
    if (kind === 'context' || kind === 'note') continue;
    while (isOver(own[next], atMs, tolerances)) next += 1;
    const stall = own[next];
    if (stall === undefined || !isReadIn(stall, atMs, tolerances)) continue;
    const key = `${next} ${session}`;
    if (noted.has(key)) continue;
    noted.add(key);
    const message = `the runner did nothing for ${Math.round(stall.untilMs - stall.fromMs)} ms, so it may have read this late`;
    all.push({ session, atMs, kind: 'note', message, stall });
  }
  return all;
}

function isOver(stall: Stall | undefined, atMs: number, tolerances: Tolerances): boolean {
  return stall !== undefined && lateUntilMs(stall, tolerances) < atMs;
}
