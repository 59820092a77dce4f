/** A frame whose mean square is below this is not speech (about -40 dB of full scale). */
const QUIET_POWER = 0.0001;
/** This many quiet frames of 100 ms after speech are a pause. */
const PAUSE_FRAMES = 5;

/** Detects when the speaker pauses. */
export class PauseDetector {
  #hasSpoken = false;
  #quietFrames = 0;

  /** @returns {boolean} whether a pause begins with this frame */
  hear(frame) {
    if (powerOf(frame) >= QUIET_POWER) {
      this.#hasSpoken = true;
      this.#quietFrames = 0;
      return false;
    }
    this.#quietFrames += 1;
    if (!this.#hasSpoken || this.#quietFrames < PAUSE_FRAMES) return false;
    this.#hasSpoken = false;
    return true;
  }
}

/** The mean square of 16-bit samples, from 0 to 1. */
function powerOf(frame) {
  let sum = 0;
  for (let at = 0; at + 1 < frame.length; at += 2) sum += (frame.readInt16LE(at) / 32_768) ** 2;
  return sum / (frame.length / 2);
}
