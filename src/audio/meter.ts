import { CONTAINER_HEAD_BYTES, containerOf } from './container.ts';
import { NO_BYTES, type Ear } from './ear.ts';
import { bytesPerSample, type AudioFormat, WINDOW_MS } from './format.ts';
import { LONGEST_ASSUMED_MS } from './hear.ts';
import { LONGEST_HEAD_BYTES, readRiff } from './riff.ts';

/** The length of the audio that has arrived, whether or not it is processed. */
export interface AudioMeter {
  /** @param nowMs matters only for audio that cannot be decoded, whose length is the time that it takes to arrive */
  add(bytes: Uint8Array, nowMs: number): void;
  /** In whole windows of the audio clock. */
  readonly ms: number;
}

/** @param ear the ear that would process the audio, and so knows what to expect */
export function audioMeter(ear: Ear): AudioMeter {
  return new Meter(ear);
}

/** A class, so that thousands of sessions share one set of functions. */
class Meter implements AudioMeter {
  #format: AudioFormat | undefined;
  readonly #raw: AudioFormat | undefined;
  #head = NO_BYTES;
  #dataBytes = Infinity;
  #byteCount = 0;
  #isOpaque: boolean;
  #arrivedMs = 0;
  #lastMs: number | undefined;

  constructor({ state }: Ear) {
    this.#format = state.kind === 'pcm' ? state.format : undefined;
    this.#raw = state.kind === 'sniffing' ? state.raw : undefined;
    this.#isOpaque = state.kind === 'undecoded' || state.kind === 'deaf';
  }

  add(bytes: Uint8Array, nowMs: number): void {
    // This is by far the most common case.
    if (this.#format !== undefined) return void (this.#byteCount += bytes.length);
    if (!this.#isOpaque) this.#look(bytes);
    if (this.#isOpaque && this.#lastMs !== undefined)
      this.#arrivedMs += Math.min(LONGEST_ASSUMED_MS, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }

  get ms(): number {
    if (this.#isOpaque) return inWindows(this.#arrivedMs);
    const known = this.#format ?? this.#raw;
    if (known === undefined) return 0;
    const bytesPerMs = (bytesPerSample(known.encoding) * known.channels * known.sampleRate) / 1000;
    const isKnown = this.#format !== undefined;
    return inWindows((isKnown ? Math.min(this.#byteCount, this.#dataBytes) : this.#head.length) / bytesPerMs);
  }

  /** Looks for a container at the beginning. */
  #look(bytes: Uint8Array): void {
    const head = new Uint8Array(this.#head.length + bytes.length);
    head.set(this.#head);
    head.set(bytes, this.#head.length);
    this.#head = head;
    if (head.length < CONTAINER_HEAD_BYTES) return;
    const container = containerOf(head);
    const riff = container === 'WAV' ? readRiff(head.subarray(0, LONGEST_HEAD_BYTES)) : undefined;
    if (riff?.kind === 'more' && head.length < LONGEST_HEAD_BYTES) return;
    if (riff?.kind === 'format') {
      this.#format = riff.format;
      this.#dataBytes = riff.dataBytes;
    } else if (container === undefined) this.#format = this.#raw;
    else this.#isOpaque = true;
    this.#byteCount = head.length - (riff?.kind === 'format' ? riff.dataAt : 0);
    this.#head = NO_BYTES;
  }
}

function inWindows(ms: number): number {
  return Math.floor(ms / WINDOW_MS) * WINDOW_MS;
}
