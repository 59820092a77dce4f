import type { TraceEvent } from '../../wire/trace.ts';
import { Room, ROOM_OF_CONNECTION } from '../wire-client/room.ts';

/** What is kept of a play. */
export interface Kept {
  readonly events: readonly TraceEvent[];
  /** How many events are missing, either here or in what the fake had kept; 0 if the play is complete. */
  readonly dropped: number;
}

const ALWAYS_KEPT: ReadonlySet<TraceEvent['kind']> = new Set(['request', 'response', 'context', 'end']);

/** The events of a play that fit, and a note for each session on those that did not. */
export function keptOf(recorded: readonly TraceEvent[], room: Room): Kept {
  const own = new Room(ROOM_OF_CONNECTION, room);
  const events: TraceEvent[] = [];
  /** By session: where its note is, and how many events it stands for. */
  const notes = new Map<string, { readonly at: number; readonly dropped: number }>();
  let dropped = 0;
  for (const event of recorded) {
    if (event.kind === 'note') dropped += event.dropped ?? 0;
    // The beginning and the end of a connection, and what is known about it, are always kept, whatever else is lost:
    // the fake limits their number.
    if (own.take(event) || ALWAYS_KEPT.has(event.kind)) {
      events.push(event);
      continue;
    }
    dropped += 1;
    const { session, atMs } = event;
    const note = notes.get(session);
    const at = note?.at ?? events.length;
    const count = (note?.dropped ?? 0) + 1;
    notes.set(session, { at, dropped: count });
    const which = room.isFull
      ? `the run has more events than are kept (${room.size})`
      : `more events than are kept of a scenario (${own.size})`;
    events[at] = {
      session,
      atMs: events[at]?.atMs ?? atMs,
      kind: 'note',
      message: `${which}: the rest is missing here`,
      dropped: count,
    };
  }
  return { events, dropped };
}
