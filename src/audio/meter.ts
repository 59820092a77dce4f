import { CONTAINER_HEAD_BYTES, containerOf } from './container.ts';
import { type Ear } from './ear.ts';
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

/** @param ear that would process it: it knows what to expect */
export function audioMeter({ state }: Ear): AudioMeter {
  let format: AudioFormat | undefined = state.kind === 'pcm' ? state.format : undefined;
  const raw = state.kind === 'sniffing' ? state.raw : undefined;
  let head = new Uint8Array(0);
  let dataBytes = Infinity;
  let byteCount = 0;
  let isOpaque = state.kind === 'undecoded' || state.kind === 'deaf';
  let arrivedMs = 0;
  let lastMs: number | undefined;

  const look = (bytes: Uint8Array) => {
    const joined = new Uint8Array(head.length + bytes.length);
    joined.set(head);
    joined.set(bytes, head.length);
    head = joined;
    if (head.length < CONTAINER_HEAD_BYTES) return;
    const container = containerOf(head);
    const riff = container === 'WAV' ? readRiff(head.subarray(0, LONGEST_HEAD_BYTES)) : undefined;
    if (riff?.kind === 'more' && head.length < LONGEST_HEAD_BYTES) return;
    if (riff?.kind === 'format') ({ format, dataBytes } = riff);
    else if (container === undefined) format = raw;
    else isOpaque = true;
    byteCount = head.length - (riff?.kind === 'format' ? riff.dataAt : 0);
    head = new Uint8Array(0);
  };
  return {
    add(bytes, nowMs) {
      if (format !== undefined) byteCount += bytes.length;
      else if (!isOpaque) look(bytes);
      if (isOpaque && lastMs !== undefined) arrivedMs += Math.min(LONGEST_ASSUMED_MS, nowMs - lastMs);
      lastMs = nowMs;
    },
    get ms() {
      if (isOpaque) return inWindows(arrivedMs);
      const known = format ?? raw;
      if (known === undefined) return 0;
      const bytesPerMs = (bytesPerSample(known.encoding) * known.channels * known.sampleRate) / 1000;
      return inWindows((format === undefined ? head.length : Math.min(byteCount, dataBytes)) / bytesPerMs);
    },
  };
}

function inWindows(ms: number): number {
  return Math.floor(ms / WINDOW_MS) * WINDOW_MS;
}
