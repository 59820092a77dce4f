/**
 * How a piece of audio begins: a fingerprint of the tenth of a second that follows the first sample that is
 * not zero, and where on the audio clock that sample is. It tells a known recording from any other audio.
 */
export interface Onset {
  /** 16 hexadecimal digits; shorter audio has the fingerprint of what there is. */
  readonly id: string;
  /** Milliseconds from the first byte of audio; may be fractional. */
  readonly atMs: number;
}
