/** Audio by its arrival: where each moment of it is on the time axis, how loud it was, and where there is speech. */

/** A part of the audio that arrived at one time. */
export interface Piece {
  /** When its beginning and its end arrived, in scenario milliseconds. */
  readonly sinceMs: number;
  untilMs: number;
  /** Its place on the audio clock. */
  readonly fromMs: number;
  toMs: number;
  /** The power of its windows; undefined when no one was watching. */
  readonly decibels: readonly number[] | undefined;
}

/** How loud some audio was, as in a trace with levels. */
export interface LevelLine {
  readonly kind: 'levels';
  readonly atMs: number;
  readonly fromMs: number;
  readonly decibels: readonly number[];
  readonly speech: readonly (readonly [number, number])[];
}

/** The length of a window of the audio clock. */
export const WINDOW_MS = 20;
/** The maximum number of windows, about an hour; beyond it the oldest are dropped. */
export const MOST_WINDOWS = 180_000;
/** The maximum number of pieces, and of spans of speech. */
const MOST_PIECES = 50_000;
/** Speech with a shorter gap is one span, since there are quiet moments between syllables. */
const DIP_MS = 200;
/** Raw audio of both services, unless the query of Reson8 specifies something else. */
const BYTES_PER_MS = 32;

/** The audio of a connection, by the time at which it came. */
export class AudioLine {
  readonly pieces: Piece[] = [];
  /** Spans of the audio clock, in order. */
  readonly speech: [fromMs: number, toMs: number][] = [];
  #windows = 0;
  #bytesPerMs = BYTES_PER_MS;

  /** @param target of the request that opened the connection */
  request(target: string): void {
    const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
    const rate = Number(query.get('sample_rate') ?? 16_000);
    const channels = Number(query.get('channels') ?? 1);
    const bytesPerMs = (rate * channels * 2) / 1000;
    if (Number.isFinite(bytesPerMs) && bytesPerMs > 0) this.#bytesPerMs = bytesPerMs;
  }

  /** How much of it there is, in milliseconds. */
  get lengthMs(): number {
    return this.pieces.at(-1)?.toMs ?? 0;
  }

  /** Messages of a client of which only the number of bytes is known. */
  message(atMs: number, byteCount: number, frameCount: number): void {
    const ms = byteCount / this.#bytesPerMs;
    const fromMs = this.lengthMs;
    // Several messages are reported as one, with the time of the first; as far as is known, they came at the pace of
    // the audio.
    this.#add(atMs, ms / frameCount, {
      untilMs: atMs + (ms * (frameCount - 1)) / frameCount,
      ...{ fromMs, toMs: fromMs + ms, decibels: undefined },
    });
  }

  /** Something else arrived: everything sent before it arrived before it. */
  others(atMs: number): void {
    const last = this.pieces.at(-1);
    if (last !== undefined && last.untilMs > atMs) last.untilMs = Math.max(last.sinceMs, atMs);
  }

  /** Replaces what was known about the same audio by its levels. */
  levels({ atMs, fromMs, decibels, speech }: LevelLine): void {
    const { pieces } = this;
    for (let last = pieces.at(-1); last !== undefined && last.fromMs >= fromMs; last = pieces.at(-1)) {
      this.#windows -= last.decibels?.length ?? 0;
      pieces.pop();
    }
    const before = pieces.at(-1);
    if (before !== undefined && before.toMs > fromMs) {
      before.untilMs = timeIn(before, fromMs);
      before.toMs = fromMs;
    }
    const ms = decibels.length * WINDOW_MS;
    this.#windows += decibels.length;
    this.#add(atMs, ms, { untilMs: atMs, fromMs, toMs: fromMs + ms, decibels });
    for (const [from, to] of speech) {
      const last = this.speech.at(-1);
      if (last !== undefined && from - last[1] <= DIP_MS) last[1] = Math.max(last[1], to);
      else this.speech.push([from, to]);
    }
    this.#trim();
  }

  /** When a moment of the audio clock arrived; undefined before there is any audio. */
  timeOf(audioMs: number): number | undefined {
    const { pieces } = this;
    const at = firstWhere(pieces, ({ toMs }) => toMs > audioMs);
    const piece = pieces[Math.min(at, pieces.length - 1)];
    return piece === undefined ? undefined : timeIn(piece, audioMs);
  }

  #add(atMs: number, spokenMs: number, piece: Omit<Piece, 'sinceMs'>): void {
    // It was spoken before it arrived, but after the previous piece.
    const sinceMs = Math.max(this.pieces.at(-1)?.untilMs ?? -Infinity, atMs - spokenMs);
    this.pieces.push({ ...piece, sinceMs: Math.min(sinceMs, atMs), untilMs: Math.max(piece.untilMs, atMs) });
    this.#trim();
  }

  #trim(): void {
    const { pieces, speech } = this;
    if (this.#windows > MOST_WINDOWS || pieces.length > MOST_PIECES) {
      const gone = pieces.splice(0, Math.ceil(pieces.length / 4));
      for (const { decibels } of gone) this.#windows -= decibels?.length ?? 0;
    }
    if (speech.length > MOST_PIECES) speech.splice(0, Math.ceil(speech.length / 4));
  }
}

/** Outside the piece, the time of its beginning or end. */
function timeIn({ sinceMs, untilMs, fromMs, toMs }: Piece, audioMs: number): number {
  const part = toMs === fromMs ? 1 : Math.max(0, Math.min(1, (audioMs - fromMs) / (toMs - fromMs)));
  return sinceMs + (untilMs - sinceMs) * part;
}

/** The index of the first element that fits; all later ones fit as well. */
export function firstWhere<Each>(all: readonly Each[], fits: (each: Each) => boolean): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const each = all[middle];
    if (each !== undefined && fits(each)) high = middle;
    else low = middle + 1;
  }
  return low;
}
