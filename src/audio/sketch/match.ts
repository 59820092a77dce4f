import { BAND_COUNT, type Loudness } from './bands.ts';
import { MOST_SHIFT, type Beginning } from './beginnings.ts';

/** How well a sketch fits a beginning. */
export interface Fit {
  /** The mean difference in decibels, independent of the volume. */
  readonly distance: number;
  /** Where the first frame of the sketch is in the recording, in milliseconds. */
  readonly fromMs: number;
}

/**
 * Anything that is this much quieter than the loudest part of a sketch counts as silent, since noise may cover it. In
 * half decibels.
 */
const RANGE = 60;

/** One frame of a sketch is as long as two hops of a beginning. */
const STRIDE = 2;
const HOP_MS = 10;

/**
 * The best place of a sketch near the beginning. If the recording ends earlier, only that part of the sketch is
 * compared.
 *
 * @param fewest the minimum number of frames that have to be compared; if the recording is too short for them, nothing
 * fits
 */
export function fitOf(
  heard: readonly Loudness[],
  { frames, at, fromMs }: Beginning,
  fewest: number,
): Fit | undefined {
  let best: Fit | undefined;
  // The frames begin one window after the speech.
  const first = at + STRIDE;
  for (let start = Math.max(0, first - MOST_SHIFT); start <= first + MOST_SHIFT; start++) {
    const sketch = heard.slice(0, Math.ceil((frames.length - start) / STRIDE));
    if (sketch.length < fewest) break;
    const distance = distanceAt(sketch, frames, start);
    if (best === undefined || distance < best.distance) best = { distance, fromMs: fromMs + start * HOP_MS };
  }
  return best;
}

function distanceAt(sketch: readonly Loudness[], frames: readonly Loudness[], start: number): number {
  const floor = loudest(sketch, 0, 1, sketch.length) - RANGE;
  const otherFloor = loudest(frames, start, STRIDE, sketch.length) - RANGE;
  const differences = new Float64Array(sketch.length * BAND_COUNT);
  let sum = 0;
  for (let i = 0, k = 0; i < sketch.length; i++) {
    const one = sketch[i];
    const other = frames[start + STRIDE * i];
    for (let band = 0; band < BAND_COUNT; band++, k++) {
      const difference = Math.max(floor, one?.[band] ?? 0) - Math.max(otherFloor, other?.[band] ?? 0);
      differences[k] = difference;
      sum += difference;
    }
  }
  const louder = sum / differences.length;
  let distance = 0;
  for (const difference of differences) distance += Math.abs(difference - louder);
  return distance / differences.length / 2;
}

function loudest(frames: readonly Loudness[], start: number, stride: number, count: number): number {
  let loudest = 0;
  for (let i = 0; i < count; i++) {
    const frame = frames[start + stride * i];
    for (let band = 0; band < BAND_COUNT; band++) loudest = Math.max(loudest, frame?.[band] ?? 0);
  }
  return loudest;
}
