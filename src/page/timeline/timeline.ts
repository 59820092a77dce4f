import type { TraceEvent } from '../../wire/trace.ts';
import { AudioLine, type LevelLine } from './audio.ts';
import { markOf, type Mark } from './marks.ts';

/** More marks are forgotten, the oldest first. */
export const MOST_MARKS = 20_000;

/** What one session sent and heard, for a drawing of it. It grows with its trace. */
export class Timeline {
  readonly audio = new AudioLine();
  /** In their order. */
  readonly marks: Mark[] = [];
  /** When the first and the last event came; undefined before the first. */
  startMs: number | undefined;
  endMs = 0;
  /** The number of partials since the last final: each is drawn below the one before it. */
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

  /** From where to where it goes; a second where there is nothing yet. */
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
