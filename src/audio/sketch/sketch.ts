import type { AudioFormat } from '../format.ts';
import type { Samples } from '../samples.ts';
import { detect, UNHEARD } from '../speech.ts';
import { FilterBank, hasBands, loudnessOf } from './bands.ts';
import { NEW_SKETCH, NO_SKETCH, type Sketch } from '../ear.ts';

/** This many frames are enough to identify a recording, or to know that it is unknown. */
export const MOST_FRAMES = 50;

/** Ends a search that finds clicks and no speech. */
const MOST_WASTED = 500;

/** Continues a sketch with one piece of audio. */
export class Sketching {
  readonly #format: AudioFormat;
  #bank: FilterBank | undefined;
  #sketch: Sketch;

  constructor(sketch: Sketch, format: AudioFormat) {
    this.#format = format;
    this.#sketch = hasBands(format) ? sketch : NO_SKETCH;
    this.#bank = sketch.bank === undefined ? undefined : new FilterBank(format, sketch.bank);
  }

  /** The sketch so far. */
  get sketch(): Sketch {
    return { ...this.#sketch, bank: this.#bank?.state };
  }

  /** Takes samples of the current window. */
  feed(samples: Samples, from: number, count: number): void {
    this.#bank?.feed(samples, from, count);
  }

  /** The current window is complete. */
  endWindow(power: number, endMs: number): void {
    const before = this.#sketch;
    if (before.isComplete) return;
    const { detector } = detect(before.detector ?? UNHEARD, power);
    const isSpeech = before.isSpeech || detector.talking;
    if (!isSpeech && detector.loud === 0) {
      const wasted = before.wasted + before.frames.length;
      this.#bank = undefined;
      this.#sketch = { ...NEW_SKETCH, detector, wasted, isComplete: wasted >= MOST_WASTED };
      return;
    }
    if (this.#bank === undefined) {
      this.#bank = new FilterBank(this.#format);
      this.#sketch = { ...before, detector, isSpeech, fromMs: endMs, frames: [] };
      return;
    }
    const frames = [...before.frames, loudnessOf(this.#bank.drain())];
    const isComplete = frames.length >= MOST_FRAMES;
    if (isComplete) this.#bank = undefined;
    this.#sketch = { ...before, detector, isSpeech, frames, isComplete };
  }
}
