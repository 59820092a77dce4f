import { afterSamples } from './after-samples.ts';
import { CONTAINER_HEAD_BYTES, containerOf } from './container.ts';
import { NO_BYTES, NO_ONSET, NO_SKETCH, pcm, type Ear, type Pcm } from './ear.ts';
import { bytesPerSample, type AudioFormat, WINDOW_MS } from './format.ts';
import { searchOnset, type Onset, type OnsetSearch } from './onset.ts';
import { Sketching } from './sketch/sketch.ts';
import { LONGEST_HEAD_BYTES, readRiff } from './riff.ts';
import { addEnergy, samplesOf } from './samples.ts';

/** The power of a full-scale square wave on the scale of 16-bit samples. */
const FULL_SCALE = 32_768 ** 2;

/** Audio that cannot be decoded counts as this loud, which is speech (-10 dBFS). */
const ASSUMED_POWER = 0.1;

/** One piece of audio that cannot be decoded counts for at most this long. */
export const LONGEST_ASSUMED_MS = 1000;

/** An ear after some bytes, and what it has heard. */
export interface EarOutput {
  readonly ear: Ear;
  /** The mean power of every window that became complete, 0 to 1. */
  readonly powers: readonly number[];
}

const NO_POWERS: readonly number[] = [];

/** How the audio began, if that is known at `positionMs` of the audio clock. */
export function onsetAt(ear: Ear, positionMs: number): Onset | undefined {
  const { onset } = ear.onset;
  return onset !== undefined && onset.knownAtMs <= positionMs ? onset : undefined;
}

/** How many bytes complete the current window; undefined while the format is unknown. */
export function bytesToWindowEnd({ state }: Ear): number | undefined {
  if (state.kind !== 'pcm') return undefined;
  const { format, windows, samples, rest } = state;
  return (endOf(format, windows) - samples) * bytesPerSample(format.encoding) - rest.length;
}

/** Processes bytes that arrive at `nowMs`; the time matters only for audio that cannot be decoded. */
export function hear(ear: Ear, bytes: Uint8Array, nowMs: number): EarOutput {
  const { state } = ear;
  // This is by far the most common case.
  if (state.kind === 'pcm' && bytes.length <= state.leftBytes) return listen(ear, state, bytes);
  const powers: number[] = [];
  let heard: Step = { ear, powers: NO_POWERS, left: bytes };
  // Ends because every step consumes bytes, or leaves a state that does so after one that only inspected them. Not
  // recursive, because a piece may have a hundred thousand chunks.
  while (heard.left !== undefined) {
    heard = step(heard.ear, heard.left, nowMs);
    for (const power of heard.powers) powers.push(power);
  }
  return { ear: heard.ear, powers };
}

/**
 * The result of one state for some bytes, and what it leaves to the next; undefined when it has consumed everything.
 */
interface Step extends EarOutput {
  readonly left?: Uint8Array;
}

function step(ear: Ear, bytes: Uint8Array, nowMs: number): Step {
  switch (ear.state.kind) {
    case 'sniffing':
      return sniff(ear, ear.state.raw, join(ear.state.head, bytes));
    case 'pcm': {
      const { leftBytes } = ear.state;
      if (bytes.length <= leftBytes) return listen(ear, ear.state, bytes);
      const heard = listen(ear, ear.state, bytes.subarray(0, leftBytes));
      const state = { kind: 'chunks', head: NO_BYTES, before: ear.state } as const;
      return { ear: { ...heard.ear, state }, powers: heard.powers, left: bytes.subarray(leftBytes) };
    }
    case 'skipping': {
      const { leftBytes, before } = ear.state;
      const left = leftBytes - bytes.length;
      if (left > 0) return { ear: { ...ear, state: { ...ear.state, leftBytes: left } }, powers: NO_POWERS };
      const state = { kind: 'chunks', head: NO_BYTES, before } as const;
      return { ear: { ...ear, state }, powers: NO_POWERS, left: bytes.subarray(leftBytes) };
    }
    case 'chunks':
      return skip(ear, ear.state, join(ear.state.head, bytes));
    case 'undecoded': {
      const { container, lastMs, owedMs } = ear.state;
      // The first piece only starts the clock, because it was recorded before it was sent.
      const passedMs = owedMs + (lastMs === undefined ? 0 : Math.min(LONGEST_ASSUMED_MS, nowMs - lastMs));
      const heard = assume(ear, passedMs);
      const left = passedMs - (heard.ear.positionMs - ear.positionMs);
      return {
        ...heard,
        ear: { ...heard.ear, state: { kind: 'undecoded', container, lastMs: nowMs, owedMs: left } },
      };
    }
    case 'deaf':
      return { ear, powers: NO_POWERS };
  }
}

/** Processes samples in a known format, as from a decoded stream. */
export function hearFormat(ear: Ear, format: AudioFormat, bytes: Uint8Array): EarOutput {
  const { state } = ear;
  const same = state.kind === 'pcm' && sameFormat(state.format, format);
  if (same) return hear(ear, bytes, 0);
  // The state of the filters belongs to another rate.
  const sketch = ear.sketch.bank === undefined ? ear.sketch : NO_SKETCH;
  return hear({ ...ear, state: pcm(format, ear.positionMs), sketch }, bytes, 0);
}

/** Counts `durationMs` of audio that cannot be decoded as speech throughout. */
export function assume(ear: Ear, durationMs: number): EarOutput {
  const windows = Math.floor(durationMs / WINDOW_MS);
  const positionMs = ear.positionMs + windows * WINDOW_MS;
  const onset: OnsetSearch =
    ear.onset.onset === undefined
      ? { ...NO_ONSET, onset: { id: 'undecoded', atMs: ear.positionMs, knownAtMs: ear.positionMs } }
      : ear.onset;
  return {
    ear: { ...ear, positionMs, onset, sketch: NO_SKETCH },
    powers: new Array<number>(windows).fill(ASSUMED_POWER),
  };
}

function sniff(ear: Ear, raw: AudioFormat, head: Uint8Array): Step {
  if (head.length < CONTAINER_HEAD_BYTES) {
    return { ear: { ...ear, state: { kind: 'sniffing', head, raw } }, powers: NO_POWERS };
  }
  const container = containerOf(head);
  if (container === undefined) {
    return { ear: { ...ear, state: pcm(raw, ear.positionMs) }, powers: NO_POWERS, left: head };
  }
  if (container !== 'WAV') {
    const state = { kind: 'undecoded', container, lastMs: undefined, owedMs: 0 } as const;
    return { ear: { ...ear, state }, powers: NO_POWERS, left: head };
  }
  const riff = readRiff(head.subarray(0, LONGEST_HEAD_BYTES));
  if (riff.kind === 'format') {
    const { format, dataAt, dataBytes } = riff;
    const state = { ...pcm(format, ear.positionMs), leftBytes: dataBytes };
    return { ear: { ...ear, state }, powers: NO_POWERS, left: head.subarray(dataAt) };
  }
  const reason = riff.kind === 'bad' ? riff.reason : 'its header does not end';
  const open = riff.kind === 'more' && head.length < LONGEST_HEAD_BYTES;
  return {
    ear: { ...ear, state: open ? { kind: 'sniffing', head, raw } : { kind: 'deaf', reason } },
    powers: NO_POWERS,
  };
}

/** Skips whatever follows the samples of a WAVE stream, or hears it if it is more samples. */
function skip(ear: Ear, state: Chunks, head: Uint8Array): Step {
  const { before } = state;
  const after = afterSamples(head);
  switch (after.kind) {
    case 'more':
      return { ear: { ...ear, state: { ...state, head } }, powers: NO_POWERS };
    case 'stream': {
      const sniffing = { kind: 'sniffing', head: NO_BYTES, raw: before.format } as const;
      return { ear: { ...ear, state: sniffing }, powers: NO_POWERS, left: head.subarray(after.at) };
    }
    case 'samples': {
      const samples = { ...pcm(before.format, ear.positionMs), leftBytes: Infinity };
      return { ear: { ...ear, state: samples }, powers: NO_POWERS, left: head };
    }
    case 'chunk': {
      const skipping: Ear = { ...ear, state: { kind: 'skipping', leftBytes: after.endAt, before } };
      return { ear: skipping, powers: NO_POWERS, left: head };
    }
  }
}

type Chunks = Extract<Ear['state'], { kind: 'chunks' }>;

function listen(ear: Ear, state: Pcm, arrived: Uint8Array): EarOutput {
  const { format, baseMs } = state;
  const bytes = state.rest.length === 0 ? arrived : join(state.rest, arrived);
  const size = bytesPerSample(format.encoding);
  const count = Math.floor(bytes.length / size);
  const heard = samplesOf(bytes, format.encoding);
  const onset =
    ear.onset.onset === undefined
      ? searchOnset(ear.onset, { bytes, at: 0, count, first: state.samples, format, baseMs })
      : ear.onset;

  // Only until the first speech is sketched.
  const sketching = ear.sketch.isComplete ? undefined : new Sketching(ear.sketch, format);
  const powers: number[] = [];
  let { energy, counted, windows } = state;
  let done = 0;
  // Ends because every window has at least one sample (SAMPLE_RATES).
  for (;;) {
    const missing = endOf(format, windows) - (state.samples + done);
    if (missing > count - done) break;
    energy = addEnergy(energy, heard, done, missing);
    sketching?.feed(heard, done, missing);
    counted += missing;
    const power = energy / counted / FULL_SCALE;
    powers.push(power);
    done += missing;
    windows += 1;
    sketching?.endWindow(power, baseMs + windows * WINDOW_MS);
    energy = 0;
    counted = 0;
  }
  if (done < count) {
    energy = addEnergy(energy, heard, done, count - done);
    sketching?.feed(heard, done, count - done);
    counted += count - done;
  }
  return {
    ear: {
      state: {
        kind: 'pcm',
        format,
        baseMs,
        leftBytes: state.leftBytes - arrived.length,
        rest: bytes.length === count * size ? NO_BYTES : bytes.slice(count * size),
        samples: state.samples + count,
        windows,
        energy,
        counted,
      },
      onset,
      sketch: sketching?.sketch ?? ear.sketch,
      positionMs: baseMs + windows * WINDOW_MS,
    },
    powers,
  };
}

/** A window ends at a whole sample of all channels; computed from its number, so nothing drifts. */
function endOf({ sampleRate, channels }: AudioFormat, window: number): number {
  return Math.floor(((window + 1) * WINDOW_MS * sampleRate) / 1000) * channels;
}

function sameFormat(a: AudioFormat, b: AudioFormat): boolean {
  return a.encoding === b.encoding && a.sampleRate === b.sampleRate && a.channels === b.channels;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
