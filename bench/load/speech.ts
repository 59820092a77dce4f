/** The audio of one frame: 100 ms of 16 kHz, 16-bit, mono. */
export const FRAME_MS = 100;
export const FRAME_BYTES = 3200;

const SAMPLE_RATE = 16_000;
const LOOP_FRAMES = 100;
const PITCH_HZ = 120;
const HARMONICS = 12;
/** -20 dBFS before the syllables shape it. */
const LEVEL = 0.1 * 32_768 * Math.SQRT2;

/**
 * Ten seconds of a made-up voice, cut into frames: a buzz with four syllables a second that never falls silent.
 * A recording would be unfair here: in its pauses the fake rightly sends nothing, while a server that does not listen
 * goes on sending.
 */
export function speechFrames(): readonly Buffer[] {
  return Array.from({ length: LOOP_FRAMES }, (_, frame) => {
    const bytes = Buffer.alloc(FRAME_BYTES);
    const first = (frame * FRAME_BYTES) / 2;
    for (let i = 0; i < FRAME_BYTES / 2; i++) bytes.writeInt16LE(sampleAt(first + i), i * 2);
    return bytes;
  });
}

function sampleAt(index: number): number {
  const seconds = index / SAMPLE_RATE;
  let buzz = 0;
  for (let n = 1; n <= HARMONICS; n++) buzz += Math.sin(2 * Math.PI * PITCH_HZ * n * seconds) / n;
  const syllable = 0.8 + 0.2 * Math.sin(2 * Math.PI * 4 * seconds);
  return Math.round(LEVEL * 0.8 * syllable * buzz);
}
