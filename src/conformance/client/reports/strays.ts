import { dialectOfPath, type Dialect, isSocket, mainSocketOf, vendorOf } from '../../../protocol/dialects.ts';
import type { TraceEvent } from '../../../wire/trace.ts';
import { isUpgrade } from './merge.ts';

/**
 * Says of connections to a path that no service has what they were meant for: in a run for one dialect a connection is
 * for that dialect, and its path is what is wrong with it.
 */
export function withStrays(events: readonly TraceEvent[], run: Dialect): readonly TraceEvent[] {
  const dialect = isSocket(run) ? run : mainSocketOf(vendorOf(run));
  const strays = new Set(
    events.flatMap((event) => {
      if (event.kind !== 'request' || !isUpgrade(event.headers)) return [];
      const [path = ''] = event.target.split('?');
      return dialectOfPath(path) === undefined ? [event.session] : [];
    }),
  );
  if (strays.size === 0) return events;
  return events.map((event) =>
    event.kind === 'context' && strays.has(event.session)
      ? { ...event, about: { ...event.about, dialect } }
      : event,
  );
}
