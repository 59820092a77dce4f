import type { Clock } from '../../runtime/clock.ts';
import type { Redactor } from '../../wire/redact/redact.ts';
import type { TraceEvent, TraceFact } from '../../wire/trace.ts';
import { Room, ROOM_OF_CONNECTION } from './room.ts';

/** Takes down the facts of one session, as far as there is room. */
export interface SessionRecord {
  readonly record: (fact: TraceFact) => void;
  /** Whether facts have been lost: whoever plays should stop. */
  readonly isFull: () => boolean;
}

/** Writes down what crosses the wire in one play, without secrets. Judges see nothing else. */
export class Recorder {
  readonly #recorded: TraceEvent[] = [];
  readonly #beganMs: number;
  readonly #clock: Clock;
  readonly #redactor: Redactor;
  readonly #room: Room;
  #gap: string | undefined;

  /** @param room what all plays of the run share */
  constructor(clock: Clock, redactor: Redactor, room: Room) {
    this.#clock = clock;
    this.#redactor = redactor;
    this.#room = room;
    this.#beganMs = clock.now();
  }

  get events(): readonly TraceEvent[] {
    return this.#recorded;
  }

  /** Why not everything is here that happened, in words; undefined when it is. */
  get cut(): string | undefined {
    return this.#gap;
  }

  session(session: string): SessionRecord {
    const room = new Room(ROOM_OF_CONNECTION, this.#room);
    let dropped = 0;
    let noteAt: number | undefined;
    const put = (fact: TraceFact) => {
      const atMs = Math.round((this.#clock.now() - this.#beganMs) * 10) / 10;
      return this.#recorded.push({ session, atMs, ...fact }) - 1;
    };
    return {
      isFull: () => room.isFull,
      record: (fact) => {
        if (fact.kind === 'note' && fact.dropped !== undefined) this.#gap ??= fact.message;
        // How it ended is known whatever else is lost.
        if (fact.kind === 'end' || room.take(fact)) return void put(this.#redactor.fact(fact));
        dropped += 1;
        const message = this.#room.isFull
          ? `the run has more than is kept of it (${this.#room.size}): the rest is not here`
          : `more than is kept of a connection (${room.size}): the rest is not here`;
        this.#gap ??= message;
        const note = { kind: 'note', message, dropped } as const;
        if (noteAt === undefined) noteAt = put(note);
        else this.#recorded[noteAt] = { session, atMs: this.#recorded[noteAt]?.atMs ?? 0, ...note };
      },
    };
  }
}
