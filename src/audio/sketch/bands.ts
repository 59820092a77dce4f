import type { AudioFormat } from '../format.ts';
import { sampleAt, type Samples } from '../samples.ts';
import { bytesPerSample } from '../format.ts';

/** The centres of the bands, in Hz, in the range of a telephone. */
const MIDDLES = [250, 400, 630, 1000, 1600, 2500] as const;

/** The number of bands. */
export const BAND_COUNT = MIDDLES.length;

/** How narrow the bands are. */
const Q = 1.4;

/** Below this rate some bands do not exist. */
const LOWEST_RATE = 7000;

/** Loudness in half decibels above 1, on the scale of 16-bit samples: a number for each band. */
export type Loudness = Uint8Array;

/** The state of a bank of filters between two pieces of audio. */
export interface BankState {
  readonly memory: Float64Array;
  readonly energies: Float64Array;
  /** Samples of all channels in `energies`. */
  readonly count: number;
  /** The sum of those channels of the current sample that have arrived, and their number. */
  readonly partial: number;
  readonly channels: number;
}

/** Whether audio in this format can be divided into the bands. */
export function hasBands({ sampleRate }: AudioFormat): boolean {
  return sampleRate >= LOWEST_RATE;
}

/**
 * Divides samples into a few bands and sums up their energies. Samples may come in pieces of any size. The result
 * depends on the rate only as far as the sound does: the same sound at two rates has nearly the same loudness.
 */
export class FilterBank {
  readonly #channelCount: number;
  readonly #filters: readonly Filter[];
  readonly #memory: Float64Array;
  readonly #energies: Float64Array;
  #count: number;
  #partial: number;
  #channels: number;

  constructor({ sampleRate, channels }: AudioFormat, before?: BankState) {
    this.#channelCount = channels;
    this.#filters = filtersFor(sampleRate);
    this.#memory = before?.memory.slice() ?? new Float64Array(2 * BAND_COUNT);
    this.#energies = before?.energies.slice() ?? new Float64Array(BAND_COUNT);
    this.#count = before?.count ?? 0;
    this.#partial = before?.partial ?? 0;
    this.#channels = before?.channels ?? 0;
  }

  get state(): BankState {
    return {
      memory: this.#memory.slice(),
      energies: this.#energies.slice(),
      count: this.#count,
      partial: this.#partial,
      channels: this.#channels,
    };
  }

  feed({ bytes, encoding, view }: Samples, from: number, count: number): void {
    const size = bytesPerSample(encoding);
    for (let i = from; i < from + count; i++) {
      const sample = view === undefined ? sampleAt(bytes, i * size, encoding) : (view[i] ?? 0);
      this.#partial += sample;
      this.#channels += 1;
      if (this.#channels < this.#channelCount) continue;
      this.#take(this.#partial / this.#channelCount);
      this.#partial = 0;
      this.#channels = 0;
    }
  }

  /** The mean energies of the samples since the last call. */
  drain(): Float64Array {
    const means = this.#energies.map((energy) => energy / Math.max(1, this.#count));
    this.#energies.fill(0);
    this.#count = 0;
    return means;
  }

  /** Transposed direct form II of each band. */
  #take(sample: number): void {
    const memory = this.#memory;
    const energies = this.#energies;
    const filters = this.#filters;
    for (let band = 0; band < BAND_COUNT; band++) {
      const { b, a1, a2 } = filters[band] ?? SILENT;
      const out = b * sample + (memory[2 * band] ?? 0);
      memory[2 * band] = (memory[2 * band + 1] ?? 0) - a1 * out;
      memory[2 * band + 1] = -b * sample - a2 * out;
      energies[band] = (energies[band] ?? 0) + out * out;
    }
    this.#count += 1;
  }
}

/** Mean energies as loudness. */
export function loudnessOf(energies: Float64Array): Loudness {
  return Uint8Array.from(energies, (energy) =>
    Math.max(0, Math.min(255, Math.round(20 * Math.log10(energy + 1)))),
  );
}

interface Filter {
  readonly b: number;
  readonly a1: number;
  readonly a2: number;
}

const SILENT: Filter = { b: 0, a1: 0, a2: 0 };

/** Band-pass filters with a gain of one in the middle (R. Bristow-Johnson, Audio EQ Cookbook). */
function filtersFor(sampleRate: number): readonly Filter[] {
  return MIDDLES.map((middle) => {
    const angle = (2 * Math.PI * middle) / sampleRate;
    const alpha = Math.sin(angle) / (2 * Q);
    const a0 = 1 + alpha;
    return { b: alpha / a0, a1: (-2 * Math.cos(angle)) / a0, a2: (1 - alpha) / a0 };
  });
}
