import type { TraceEvent } from '../../wire/trace.ts';
import { AudioLine, type LevelLine } from './audio.ts';
import { markOf, type Mark } from './marks.ts';

/** The maximum number of marks; beyond it the oldest are dropped. */
export const MOST_MARKS = 20_000;

/** What one session sent and received, for its drawing. It grows with the trace. */
export class Timeline {
  readonly audio = new AudioLine();
  /** In order. */
  readonly marks: Mark[] = [];
  /** When the first and the last event came; undefined before the first. */
  startMs: number | undefined;
  endMs = 0;
  /** The number of partials since the last final: each is drawn below the previous one. */
  #partials = 0;

  /** @param index its place in the trace */
  add(event: TraceEvent, index: number): void {
    this.#reach(event.atMs);
    if (event.kind === 'binary' && event.from === 'client') {
      this.audio.message(event.atMs, event.byteCount, event.frameCount ?? 1);
      return;
    }
    this.audio.others(event.atMs);
    if (event.kind === 'request') this.audio.request(event.target);
    const mark = markOf(event, index, this.#partials);
    if (mark === undefined) return;
    if (mark.kind === 'partial') this.#partials += 1;
    else if (mark.kind === 'final') this.#partials = 0;
    this.marks.push(mark);
    if (this.marks.length > MOST_MARKS) this.marks.splice(0, Math.ceil(MOST_MARKS / 4));
  }

  levels(line: LevelLine): void {
    this.#reach(line.atMs);
    this.audio.levels(line);
  }

  /** The time from its beginning to its end; one second while there is nothing. */
  get bounds(): { readonly startMs: number; readonly endMs: number } {
    const startMs = this.startMs ?? 0;
    return { startMs, endMs: Math.max(this.endMs, startMs + 1000) };
  }

  #reach(atMs: number): void {
    this.startMs ??= atMs;
    const last = this.audio.pieces.at(-1)?.untilMs ?? 0;
    this.endMs = Math.max(this.endMs, atMs, last);
  }
}
