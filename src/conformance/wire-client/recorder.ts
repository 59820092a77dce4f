import { inTenths, type Clock } from '../../runtime/clock.ts';
import type { Redactor } from '../../wire/redact/redact.ts';
import type { TraceEvent, TraceFact } from '../../wire/trace.ts';
import { Room, ROOM_OF_CONNECTION } from './room.ts';

/** Records the facts of one session, as long as there is room. */
export interface SessionRecord {
  readonly record: (fact: TraceFact) => void;
  /** Whether facts have been lost, so that the play should stop. */
  readonly isFull: () => boolean;
}

/** Records the traffic of one play, without secrets. Judges see nothing else. */
export class Recorder {
  readonly #recorded: TraceEvent[] = [];
  readonly #beganMs: number;
  readonly #clock: Clock;
  readonly #redactor: Redactor;
  readonly #room: Room;
  #gap: string | undefined;

  /** @param room shared by all plays of the run */
  constructor(clock: Clock, redactor: Redactor, room: Room) {
    this.#clock = clock;
    this.#redactor = redactor;
    this.#room = room;
    this.#beganMs = clock.now();
  }

  get events(): readonly TraceEvent[] {
    return this.#recorded;
  }

  /** Why the recording is incomplete, in words; undefined if it is complete. */
  get cut(): string | undefined {
    return this.#gap;
  }

  session(session: string): SessionRecord {
    const room = new Room(ROOM_OF_CONNECTION, this.#room);
    let dropped = 0;
    let noteAt: number | undefined;
    const put = (fact: TraceFact) => {
      const atMs = inTenths(this.#clock.now() - this.#beganMs);
      return this.#recorded.push({ session, atMs, ...fact }) - 1;
    };
    return {
      isFull: () => room.isFull,
      record: (fact) => {
        if (fact.kind === 'note' && fact.dropped !== undefined) this.#gap ??= fact.message;
        // The end is always recorded, whatever else is lost.
        if (fact.kind === 'end' || room.take(fact)) return void put(this.#redactor.fact(fact));
        dropped += 1;
        const message = this.#room.isFull
          ? `the run has more events than are kept (${this.#room.size}): the rest is missing here`
          : `more events than are kept of a connection (${room.size}): the rest is missing here`;
        this.#gap ??= message;
        const note = { kind: 'note', message, dropped } as const;
        if (noteAt === undefined) noteAt = put(note);
        else this.#recorded[noteAt] = { session, atMs: this.#recorded[noteAt]?.atMs ?? 0, ...note };
      },
    };
  }
}
