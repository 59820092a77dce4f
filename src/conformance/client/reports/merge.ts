import { inTenths } from '../../../runtime/clock.ts';
import type { TraceContext, TraceEvent } from '../../../wire/trace.ts';
import type { TimedFact } from './reports.ts';

/** The session of reports that come before any session. */
const BEFORE_ALL = 's0';

/**
 * Merges what the fake recorded and the other facts of a run into one list in order of time; both must use the same
 * time axis. Within a session the order is kept, and at equal times the wire comes first. The same events give the same
 * list, so its indexes can serve as evidence.
 *
 * A report belongs to the open conversation: if there are several, to the one that began last, connections before
 * calls; if there is none, to the one that was open last; before the first, to BEFORE_ALL. The order of a report and
 * the client's own messages around it is uncertain by the few milliseconds by which two pipes may differ.
 *
 * @param about what is known about all of it; every session begins with it
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
    for (let one = rest[next]; one !== undefined && inTenths(one.atMs) < atMs; one = rest[++next]) {
      add({ session: going.session, atMs: inTenths(one.atMs), ...one.fact });
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

/** The conversations that are open as events pass by. */
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
    // Any response other than a 101 ends it.
    if (kind === 'end' || (kind === 'response' && event.status !== 101)) this.#open.delete(session);
    if (kind !== 'context' && kind !== 'note') this.#last = session;
  }
}

/** Whether a request asks for a WebSocket. */
export function isUpgrade(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'upgrade');
}
