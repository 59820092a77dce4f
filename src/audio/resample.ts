/** The mean of all channels. */
export function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = channels;
  if (others.length === 0) return first;
  return first.map(
    (sample, i) => others.reduce((sum, each) => sum + (each[i] ?? 0), sample) / channels.length,
  );
}

/**
 * Converts samples to another rate: each new one is the mean over its duration, with linear interpolation between the
 * old ones. Good enough for recognising speech, not for music.
 */
export function resampled(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const length = Math.floor((samples.length * to) / from);
  const step = from / to;
  const at = (place: number) => {
    const low = Math.max(0, Math.min(samples.length - 1, Math.floor(place)));
    const high = Math.min(samples.length - 1, low + 1);
    const part = Math.max(0, Math.min(1, place - low));
    return (samples[low] ?? 0) * (1 - part) + (samples[high] ?? 0) * part;
  };
  const looks = Math.max(1, Math.ceil(step));
  return Float32Array.from({ length }, (_, i) => {
    let sum = 0;
    for (let look = 0; look < looks; look++) sum += at(i * step + (step > 1 ? (look / looks) * step : 0));
    return sum / looks;
  });
}
