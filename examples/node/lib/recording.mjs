import { setTimeout as sleep } from 'node:timers/promises';

/** Audio in each frame. */
export const FRAME_MS = 100;
/** At most this much is kept, whether sent or not: one minute. Anything older would be sent long after it was said. */
const MOST_FRAMES = 600;

/**
 * The audio that was recorded and is not final yet. A connection can break at any time. Audio that the service has not
 * made final by then is sent again on the next connection, followed by the audio that was recorded in between.
 *
 *     first ───────────── next ─────────── recorded
 *       sent, not final yet │ not sent yet
 */
export class Recording {
  #frames = [];
  /** Positions in frames since the beginning of the recording. */
  #first = 0;
  #next = 0;
  /** The end of the audio that may contain speech; after it there is only silence. */
  #end = Infinity;
  /** When the last frame before the end was sent. */
  #allSentMs = Infinity;
  /** Frames that were dropped before they were sent. */
  lostFrames = 0;

  add(frame) {
    this.#frames.push(frame);
    if (this.#frames.length <= MOST_FRAMES) return;
    this.#frames.shift();
    this.#first += 1;
    if (this.#next < this.#first) {
      this.#next = this.#first;
      this.lostFrames += 1;
    }
  }

  /** The recording is over; everything added from now on is silence. */
  end() {
    this.#end = Math.min(this.#end, this.#first + this.#frames.length);
    if (this.#next >= this.#end && this.#allSentMs === Infinity) this.#allSentMs = performance.now();
  }

  get hasEnded() {
    return this.#end !== Infinity;
  }

  /** The next frame to send, if it has been recorded. */
  next() {
    const frame = this.#frames[this.#next - this.#first];
    if (frame === undefined) return undefined;
    this.#next += 1;
    if (this.#next >= this.#end && this.#allSentMs === Infinity) this.#allSentMs = performance.now();
    return frame;
  }

  /** When the last audio that may contain speech was sent; Infinity before that. */
  get allSentMs() {
    return this.#allSentMs;
  }

  /**
   * A new connection begins: everything that is not final is sent again. @returns the position at which it begins, in
   * ms
   */
  rewind() {
    this.#next = this.#first;
    this.#allSentMs = Infinity;
    return this.#first * FRAME_MS;
  }

  /** Everything before this position in the recording is final. Audio that was not sent cannot be final. */
  forget(beforeMs) {
    const upTo = Math.min(Math.floor(beforeMs / FRAME_MS), this.#next);
    if (!(upTo > this.#first)) return;
    this.#frames.splice(0, upTo - this.#first);
    this.#first = upTo;
  }
}

/**
 * Stands in for a microphone: records a file at the pace of speech, and then silence. With a real microphone, call
 * `recording.add()` for each 100 ms of audio.
 */
export async function recordFile({ sampleRate, channels, samples }, recording, signal) {
  const frameBytes = Math.round((sampleRate * FRAME_MS) / 1000) * channels * 2;
  const beganMs = performance.now();
  for (let count = 1; !signal.aborted; count++) {
    // Absolute times, because a sum of sleeps would fall behind.
    const dueMs = beganMs + count * FRAME_MS;
    while (performance.now() < dueMs && !signal.aborted) await sleep(Math.max(1, dueMs - performance.now()));
    const at = (count - 1) * frameBytes;
    if (at >= samples.length) recording.end();
    // Zeros are silence. They also fill up the last frame of the file.
    const frame = Buffer.alloc(frameBytes);
    if (!recording.hasEnded) samples.copy(frame, 0, at, at + frameBytes);
    recording.add(frame);
  }
}
