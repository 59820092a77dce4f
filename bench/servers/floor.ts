import { serveMinimal } from './minimal.ts';

/** The loudest message so far. Without a use of the sums, the compiler might omit them. */
let loudest = 0;

/** The least that a fake must do: whether there is speech is decided by the energy of the samples. */
serveMinimal((audio) => {
  const isEven = audio.byteOffset % 2 === 0;
  const samples = isEven
    ? new Int16Array(audio.buffer, audio.byteOffset, audio.length >> 1)
    : Int16Array.from({ length: audio.length >> 1 }, (_, i) => audio.readInt16LE(i * 2));
  let [even, odd] = [0, 0];
  for (let i = 1; i < samples.length; i += 2) {
    const one = samples[i - 1] ?? 0;
    const other = samples[i] ?? 0;
    even += one * one;
    odd += other * other;
  }
  loudest = Math.max(loudest, even + odd);
});
