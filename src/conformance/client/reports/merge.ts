import type { TraceContext, TraceEvent } from '../../../wire/trace.ts';
import type { TimedFact } from './reports.ts';

/** The session of what is told before there is any. */
export const BEFORE_ALL = 's0';

/**
 * What the fake recorded and what was told beside it, as one list in order of time; both must be on the same axis.
 * Within a session nothing changes its place, and of what has the same time the wire comes first. The same events give
 * the same list, so that a place in it can be evidence.
 *
 * A report belongs to the conversation that goes on: of several to the one that began last, connections before calls;
 * of none to the one that went on last; before the first to BEFORE_ALL. How a report and the client's own messages
 * around it are ordered is known no better than the few milliseconds that two pipes may differ.
 *
 * @param about what is known of all of it; every session begins with it
 */
export function mergeEvents(
  recorded: readonly TraceEvent[],
  told: readonly TimedFact[],
  about: TraceContext,
): readonly TraceEvent[] {
  const wire = [...recorded].sort((a, b) => a.atMs - b.atMs);
  const rest = [...told].sort((a, b) => a.atMs - b.atMs);
  const going = new GoingOn();
  const known = new Set<string>();
  const merged: TraceEvent[] = [];
  const add = (event: TraceEvent) => {
    const { session, atMs } = event;
    if (!known.has(session)) merged.push({ session, atMs, kind: 'context', about });
    known.add(session);
    merged.push(event);
  };
  let next = 0;
  const tellUntil = (atMs: number) => {
    for (let one = rest[next]; one !== undefined && toTenths(one.atMs) < atMs; one = rest[++next]) {
      add({ session: going.session, atMs: toTenths(one.atMs), ...one.fact });
    }
  };
  for (const event of wire) {
    tellUntil(event.atMs);
    going.see(event);
    add(event);
  }
  tellUntil(Infinity);
  return merged;
}

/** Journals have tenths of milliseconds. */
function toTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** Which conversations go on, as events pass by. */
class GoingOn {
  /** Sessions that have begun and not ended, and whether they are connections. */
  readonly #open = new Map<string, boolean>();
  #last = BEFORE_ALL;

  get session(): string {
    const sessions = [...this.#open];
    const connection = sessions.findLast(([, isConnection]) => isConnection);
    return (connection ?? sessions.at(-1))?.[0] ?? this.#last;
  }

  see(event: TraceEvent): void {
    const { session, kind } = event;
    if (kind === 'request') this.#open.set(session, isUpgrade(event.headers));
    // Anything but a 101 is the last that is said.
    if (kind === 'end' || (kind === 'response' && event.status !== 101)) this.#open.delete(session);
    if (kind !== 'context' && kind !== 'note') this.#last = session;
  }
}

export function isUpgrade(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'upgrade');
}
