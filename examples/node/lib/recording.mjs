import { setTimeout as sleep } from 'node:timers/promises';

/** Audio in each frame. */
export const FRAME_MS = 100;
/** What is kept at most, sent or not: a minute. More would be replayed long after it was said. */
const MOST_FRAMES = 600;

/**
 * What was recorded and is not final yet. A connection can break at any time, and what the service has not made final
 * by then has to be sent again; what was said while there was no connection has to be sent for the first time.
 *
 *     first ───────────── next ─────────── recorded
 *       sent, not final yet │ not sent yet
 */
export class Recording {
  #frames = [];
  /** Frames since the beginning of the recording. */
  #first = 0;
  #next = 0;
  /** The end of what somebody may have said; behind it there is only silence. */
  #end = Infinity;
  /** When the last frame before the end was sent. */
  #allSentMs = Infinity;
  /** Frames that were given up before they were sent. */
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

  /** The recording is over; what is added from now on is silence. */
  end() {
    this.#end = Math.min(this.#end, this.#first + this.#frames.length);
    if (this.#next >= this.#end && this.#allSentMs === Infinity) this.#allSentMs = performance.now();
  }

  get hasEnded() {
    return this.#end !== Infinity;
  }

  /** The next frame to send, if it has been recorded already. */
  next() {
    const frame = this.#frames[this.#next - this.#first];
    if (frame === undefined) return undefined;
    this.#next += 1;
    if (this.#next >= this.#end && this.#allSentMs === Infinity) this.#allSentMs = performance.now();
    return frame;
  }

  /** When all was sent that somebody may have said; Infinity before. */
  get allSentMs() {
    return this.#allSentMs;
  }

  /** A new connection begins: everything that is not final is sent again. @returns where it begins, in ms */
  rewind() {
    this.#next = this.#first;
    this.#allSentMs = Infinity;
    return this.#first * FRAME_MS;
  }

  /** Everything before this place in the recording is final. What was not sent cannot be. */
  forget(beforeMs) {
    const upTo = Math.min(Math.floor(beforeMs / FRAME_MS), this.#next);
    if (!(upTo > this.#first)) return;
    this.#frames.splice(0, upTo - this.#first);
    this.#first = upTo;
  }
}

/**
 * Stands in for a microphone: records a file as fast as it would be spoken, and then the silence that follows. Your
 * own microphone calls `recording.add()` with each 100 ms that it hears.
 */
export async function recordFile({ sampleRate, channels, samples }, recording, signal) {
  const frameBytes = Math.round((sampleRate * FRAME_MS) / 1000) * channels * 2;
  const beganMs = performance.now();
  for (let count = 1; !signal.aborted; count++) {
    // Absolute times: sleeps that are added up fall behind.
    const dueMs = beganMs + count * FRAME_MS;
    while (performance.now() < dueMs && !signal.aborted) await sleep(Math.max(1, dueMs - performance.now()));
    const at = (count - 1) * frameBytes;
    if (at >= samples.length) recording.end();
    // Zeros are silence. The last frame of the file is filled up with them.
    const frame = Buffer.alloc(frameBytes);
    if (!recording.hasEnded) samples.copy(frame, 0, at, at + frameBytes);
    recording.add(frame);
  }
}
