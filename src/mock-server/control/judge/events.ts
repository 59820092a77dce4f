import { atEndOfTurn } from '../../../runtime/turn.ts';
import type { TraceEvent } from '../../../wire/trace.ts';
import type { ControlOptions } from '../options.ts';
import { MOST_JUDGED_EVENTS } from './judging.ts';

/** Events that are read in one turn of the event loop. */
const PART = 250;

/**
 * What a session did until now, read a part at a time, so that others have their turn; `not kept` without its trace,
 * undefined for an unknown session.
 */
export async function eventsOf(
  { partOf }: Pick<ControlOptions, 'partOf'>,
  id: string,
): Promise<readonly TraceEvent[] | 'too many' | 'not kept' | undefined> {
  const events: TraceEvent[] = [];
  let end = Infinity;
  for (let from = 0; from < end;) {
    const part = await partOf(id, from, PART);
    // It may have been forgotten meanwhile.
    if (part === undefined || part === 'not kept') return part;
    if (part.total > MOST_JUDGED_EVENTS) return 'too many';
    // What comes while it is read is left out.
    end = Math.min(end, part.total);
    events.push(...part.events);
    if (part.events.length === 0) break;
    from = part.next;
    await new Promise<void>((resolve) => atEndOfTurn(resolve));
  }
  return events;
}
