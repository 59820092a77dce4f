import { describe, expect, it } from 'vitest';
import { detect, UNHEARD } from '../../src/audio/speech.ts';

/** Milliseconds of speech in windows of 20 ms with these levels in dBFS. */
function spoken(levels: readonly number[]): number {
  let detector = UNHEARD;
  let totalMs = 0;
  for (const level of levels) {
    const detected = detect(detector, 10 ** (level / 10));
    detector = detected.detector;
    totalMs += detected.spokenMs;
  }
  return totalMs;
}

const windows = (count: number, level: number) => new Array<number>(count).fill(level);

describe('the speech detector', () => {
  it.each<[string, readonly number[], number]>([
    ['hears nothing in digital silence', windows(500, -100), 0],
    ['hears nothing in steady noise of a quiet room', windows(500, -45), 0],
    [
      'hears nothing in steady noise that comes up slowly',
      [...windows(100, -70), ...Array.from({ length: 1500 }, (_, i) => -70 + i / 55)],
      0,
    ],
    ['hears loud audio as speech from its beginning', windows(50, -20), 1000],
    ['hears loud audio as speech however long it is steady', windows(3000, -20), 60_000],
    ['hears a quiet speaker in a silent room', [...windows(50, -90), ...windows(50, -45)], 1000],
    ['does not hear a click', [...windows(50, -90), ...windows(4, -10), ...windows(50, -90)], 0],
    ['hears the whole of a short word', [...windows(50, -90), ...windows(6, -20), ...windows(50, -90)], 120],
    [
      'leaves out the dips between syllables',
      [...windows(10, -20), ...windows(5, -70), ...windows(10, -20)],
      400,
    ],
    ['wants a new onset after a pause', [...windows(10, -20), ...windows(20, -70), ...windows(4, -20)], 200],
  ])('%s', (_what, levels, ms) => {
    expect(spoken(levels)).toBe(ms);
  });
});

it('leaves only a possible onset undecided', () => {
  let detector = UNHEARD;
  const undecided = [-90, -20, -20, -20, -20, -20, -20, -90].map((level) => {
    const detected = detect(detector, 10 ** (level / 10));
    detector = detected.detector;
    return detected.undecidedMs;
  });

  expect(undecided).toEqual([0, 20, 40, 60, 80, 0, 0, 0]);
});
