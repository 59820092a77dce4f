import { dialectOfPath, type Dialect, isSocket, mainSocketOf, vendorOf } from '../../../protocol/dialects.ts';
import type { TraceEvent } from '../../../wire/trace.ts';
import { isUpgrade } from './merge.ts';

/**
 * Assigns connections to a path outside all dialects to the dialect of the run: the connection was meant for it, and
 * the path is what is wrong.
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
