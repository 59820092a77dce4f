/** The sample rate that services expect. */
export const RATE = 16_000;

/**
 * Turns samples at one rate into signed 16-bit samples at 16 kHz. Each is the mean over its duration, so that the
 * loudness is preserved; the result does not depend on how the samples were divided.
 *
 * @param fromRate in Hz
 */
export function resampler(fromRate: number): (samples: Float32Array) => Int16Array<ArrayBuffer> {
  const ratio = fromRate / RATE;
  /** How much of the current output sample is complete, in input samples, and its sum. */
  let filled = 0;
  let sum = 0;
  return (samples) => {
    const out = new Int16Array(Math.ceil((samples.length + filled) / ratio) + 1);
    let count = 0;
    for (const sample of samples) {
      let left = 1;
      while (filled + left >= ratio - 1e-9) {
        const part = ratio - filled;
        out[count++] = toInt16((sum + sample * part) / ratio);
        left -= part;
        filled = 0;
        sum = 0;
      }
      filled += left;
      sum += sample * left;
    }
    return out.slice(0, count);
  };
}

function toInt16(sample: number): number {
  return Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
}
