import { NO_SKETCH, pcm, type Ear } from '../../audio/ear.ts';
import { WINDOW_MS } from '../../audio/format.ts';
import { assume, hear, hearFormat, type EarOutput } from '../../audio/hear.ts';
import { detect, UNHEARD } from '../../audio/speech.ts';
import { inTenths } from '../../runtime/clock.ts';
import type { Input } from '../engine/messages.ts';

/** How loud the audio was that has just arrived, in windows of 20 ms. */
export interface Level {
  /** When it arrived, in scenario milliseconds. */
  readonly atMs: number;
  /** Where the first window begins on the audio clock. */
  readonly fromMs: number;
  /** The power of each window, in whole decibels of full scale, -100 to 0. */
  readonly decibels: readonly number[];
  /** What turned out to be speech, as spans of the audio clock; one may begin before these windows. */
  readonly speech: readonly (readonly [fromMs: number, toMs: number])[];
}

/** Something whose audio can be listened to as it arrives. */
export interface Audible {
  /** Listens until the returned function is called. Nothing is computed while there is no listener. */
  listen(told: (level: Level) => void): () => void;
}

/** Listens to what a session receives, with an ear of its own, since a script may hear nothing, or hear it later. */
export class Levels {
  readonly #now: () => number;
  readonly #told = new Set<(level: Level) => void>();
  #ear: Ear;
  #detector = UNHEARD;

  /** @param ear that has heard everything so far */
  constructor(ear: Ear, now: () => number) {
    this.#ear = ear;
    this.#now = now;
  }

  /** Whether there is no listener any more. */
  get isOver(): boolean {
    return this.#told.size === 0;
  }

  add(told: (level: Level) => void): () => void {
    this.#told.add(told);
    return () => void this.#told.delete(told);
  }

  input(next: Input): void {
    const fromMs = this.#ear.positionMs;
    const nowMs = this.#now();
    const heard = heardIn(this.#ear, next, nowMs);
    if (heard === undefined) return;
    this.#ear = heard.ear;
    if (heard.powers.length === 0) return;
    const speech = this.#speechIn(fromMs, heard.powers);
    const level = {
      atMs: inTenths(nowMs),
      fromMs,
      decibels: heard.powers.map(inDecibels),
      speech,
    };
    for (const told of this.#told) told(level);
  }

  #speechIn(fromMs: number, powers: readonly number[]): readonly [number, number][] {
    const spans: [number, number][] = [];
    let endMs = fromMs;
    for (const power of powers) {
      endMs += WINDOW_MS;
      const { detector, spokenMs } = detect(this.#detector, power);
      this.#detector = detector;
      if (spokenMs === 0) continue;
      const last = spans.at(-1);
      if (last?.[1] === endMs - spokenMs) last[1] = endMs;
      else spans.push([endMs - spokenMs, endMs]);
    }
    return spans;
  }
}

/** An ear that continues from where the audio is now. */
export function furtherEar(ear: Ear, audioMs: number): Ear {
  // A script that waits for something has heard less than has arrived; what is left of its last sample does not belong
  // to the next one.
  if (audioMs > ear.positionMs && ear.state.kind === 'pcm')
    return { ...ear, sketch: NO_SKETCH, positionMs: audioMs, state: pcm(ear.state.format, audioMs) };
  return { ...ear, sketch: NO_SKETCH };
}

function heardIn(ear: Ear, next: Input, nowMs: number): EarOutput | undefined {
  if (next.kind === 'audio') return hear(ear, next.bytes, nowMs);
  if (next.kind !== 'source') return undefined;
  const { chunk } = next;
  return chunk.kind === 'pcm' ? hearFormat(ear, chunk.format, chunk.bytes) : assume(ear, chunk.durationMs);
}

const SILENCE_DB = -100;

function inDecibels(power: number): number {
  return Math.max(SILENCE_DB, Math.min(0, Math.round(10 * Math.log10(power + 1e-12))));
}
