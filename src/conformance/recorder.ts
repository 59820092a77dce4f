import type { Clock } from '../runtime/clock.ts';
import type { Redactor } from '../wire/redact.ts';
import type { TraceEvent, TraceFact } from '../wire/trace.ts';

/** Events of one play. What comes after that is counted and not kept. */
const MOST_EVENTS = 100_000;

/** Writes down what crosses the wire in one play, without secrets. Judges see nothing else. */
export class Recorder {
  private readonly recorded: TraceEvent[] = [];
  private readonly beganMs: number;
  private readonly clock: Clock;
  private readonly redactor: Redactor;
  private dropped = 0;

  constructor(clock: Clock, redactor: Redactor) {
    this.clock = clock;
    this.redactor = redactor;
    this.beganMs = clock.now();
  }

  get events(): readonly TraceEvent[] {
    return this.recorded;
  }

  /** Whether there is more than can be kept: whoever plays should stop. */
  get isFull(): boolean {
    return this.recorded.length >= MOST_EVENTS;
  }

  /** What takes down the facts of one session. */
  session(session: string): (fact: TraceFact) => void {
    return (fact) => {
      const atMs = Math.round((this.clock.now() - this.beganMs) * 10) / 10;
      if (this.isFull) {
        this.dropped += 1;
        const message = `more than ${MOST_EVENTS} events: the rest is not here`;
        this.recorded[MOST_EVENTS] = { session, atMs, kind: 'note', message, dropped: this.dropped };
        return;
      }
      this.recorded.push({ session, atMs, ...this.redactor.fact(fact) });
    };
  }
}
