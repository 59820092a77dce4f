import type { TraceContext } from '../../wire/trace.ts';

/** How much audio a client has sent. */
export interface AudioSent {
  readonly byteCount: number;
  /** Milliseconds of audio; undefined when the bytes do not show it (A24). */
  readonly ms: number | undefined;
  /** The part known to be neither silence nor of unknown content; undefined when the observer does not know. */
  readonly speechMs: number | undefined;
}

type AudioContext = NonNullable<TraceContext['audio']>;

const BYTES_PER_SAMPLE = 2;
/** Defaults of S4:23-24. */
const SAMPLE_RATE = 16_000;
const CHANNELS = 1;

/**
 * Counts the audio of one connection. The documents do not specify the audio format of Scriptix, so it has to be
 * declared.
 */
export class AudioClock {
  #byteCount = 0;
  #ms: number | undefined = 0;
  #speechMs: number | undefined = 0;
  #given: AudioContext | undefined;
  #bytesPerMs = 0;
  #headerBytes = 0;
  /** The last answer, as long as it is right. */
  #sent: AudioSent | undefined;

  /** With `encoding=pcm_s16le`, the URL of Reson8 determines the length of its audio (S4:22-24). */
  request(target: string): void {
    const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
    if (query.get('encoding') !== 'pcm_s16le') return;
    const rate = Number(query.get('sample_rate') ?? SAMPLE_RATE);
    const channels = Number(query.get('channels') ?? CHANNELS);
    const bytesPerMs = (rate * channels * BYTES_PER_SAMPLE) / 1000;
    this.#bytesPerMs = Number.isFinite(bytesPerMs) && bytesPerMs > 0 ? bytesPerMs : 0;
  }

  context(audio: AudioContext): void {
    this.#given = audio;
    this.#bytesPerMs = audio.bytesPerMs;
    this.#headerBytes = audio.headerBytes ?? 0;
  }

  audio(byteCount: number): void {
    this.#sent = undefined;
    this.#byteCount += byteCount;
    const header = Math.min(this.#headerBytes, byteCount);
    this.#headerBytes -= header;
    const ms = this.#bytesPerMs === 0 ? undefined : (byteCount - header) / this.#bytesPerMs;
    this.#ms = sum(this.#ms, ms);
    const { content = 'unknown' } = this.#given ?? {};
    const speechMs = content === 'unknown' ? undefined : content === 'silence' ? 0 : ms;
    this.#speechMs = sum(this.#speechMs, speechMs);
  }

  sent(): AudioSent {
    this.#sent ??= { byteCount: this.#byteCount, ms: this.#ms, speechMs: this.#speechMs };
    return this.#sent;
  }
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
