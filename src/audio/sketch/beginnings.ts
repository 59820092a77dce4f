import type { AudioFormat } from '../format.ts';
import { samplesOf } from '../samples.ts';
import { bytesPerSample } from '../format.ts';
import { BAND_COUNT, FilterBank, hasBands, loudnessOf, type Loudness } from './bands.ts';
import { MOST_FRAMES } from './sketch.ts';

/** A place in a recording where speech begins after a pause, and how it sounds from there. */
export interface Beginning {
  /** Milliseconds from the start of the recording to the first frame. */
  readonly fromMs: number;
  /** Where the speech begins, counted in frames. */
  readonly at: number;
  /** Loudness in windows of 20 ms, one every 10 ms. */
  readonly frames: readonly Loudness[];
}

/** Half a window, since live windows may lie anywhere between those of the recording. */
export const HOP_MS = 10;

/** The maximum number of hops by which the start of speech is found earlier or later if it is louder or quieter. */
export const MOST_SHIFT = 12;

/** Later beginnings are not sketched. */
const LONGEST_MS = 600_000;
/** The maximum number of beginnings of one recording. */
const MOST_BEGINNINGS = 200;

/** Sketches a recording that comes in pieces of whole samples. */
export class RecordingSketcher {
  #bank: FilterBank | undefined;
  #samples = 0;
  #hops: Float64Array[] = [];

  hear(format: AudioFormat, bytes: Uint8Array): void {
    if (!hasBands(format) || this.#hops.length * HOP_MS >= LONGEST_MS) return;
    const bank = (this.#bank ??= new FilterBank(format));
    const samples = samplesOf(bytes, format.encoding);
    const count = Math.floor(bytes.length / bytesPerSample(format.encoding));
    let done = 0;
    for (;;) {
      const end = Math.floor(((this.#hops.length + 1) * HOP_MS * format.sampleRate) / 1000) * format.channels;
      const missing = end - this.#samples;
      if (missing > count - done) break;
      bank.feed(samples, done, missing);
      this.#hops.push(bank.drain());
      this.#samples += missing;
      done += missing;
    }
    bank.feed(samples, done, count - done);
    this.#samples += count - done;
  }

  /** @param startsMs where speech begins, in order, in whole hops */
  beginnings(startsMs: readonly number[]): readonly Beginning[] {
    const hops = this.#hops;
    return startsMs.slice(0, MOST_BEGINNINGS).flatMap((startMs) => {
      const start = Math.round(startMs / HOP_MS);
      if (start >= hops.length) return [];
      const from = Math.max(0, start - MOST_SHIFT);
      const to = Math.min(hops.length - 1, start + 2 * (MOST_FRAMES + 1) + MOST_SHIFT + 2);
      const frames: Loudness[] = [];
      for (let at = from; at < to; at++) {
        const [one, other] = [hops[at], hops[at + 1]];
        if (one === undefined || other === undefined) break;
        frames.push(
          loudnessOf(
            Float64Array.from({ length: BAND_COUNT }, (_, i) => ((one[i] ?? 0) + (other[i] ?? 0)) / 2),
          ),
        );
      }
      return [{ fromMs: from * HOP_MS, at: start - from, frames }];
    });
  }
}
