import { describe, expect, it } from 'vitest';
import { gathered } from '../../../src/conformance/judge/gathered.ts';
import {
  broken,
  doneBy,
  held,
  heldBySilence,
  withReading,
  type Occasion,
} from '../../../src/conformance/judge/invariant.ts';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import { AMBIGUITIES } from '../../../src/protocol/ambiguities.ts';
import { audio, events, heard, MICROPHONE, play } from '../play.ts';

// Two sessions whose events alternate, so the first has 0, 2, 4 …
const given = play(events([...MICROPHONE, audio(100), audio(100)], [...MICROPHONE, audio(100), audio(100)]));
const [a, b, c] = [0, 2, 4];
const other = 1;

const countsOf = (...occasions: readonly Occasion[]) =>
  gathered(occasions, given).map(({ events: own, count }) => [own, count]);

describe('occasions that were only held', () => {
  it('are joined into one with a count if they follow each other in a conversation', () => {
    expect(countsOf(held(a), held(b), held(a, c))).toEqual([[[a], 3]]);
  });

  it('are separate in two conversations', () => {
    expect(countsOf(held(a), held(other), held(b))).toEqual([
      [[a], undefined],
      [[other], undefined],
      [[b], undefined],
    ]);
  });

  it('are separate if the events of one are from two conversations', () => {
    expect(countsOf(held(a, other), held(b, other))).toHaveLength(2);
  });

  it.each([
    ['a reading', withReading(held(b), AMBIGUITIES.A5.readings.change)],
    ['a sign that is required', heldBySilence('recognises speech', b)],
    ['a finding', broken([b], 'x', 'y')],
    ['another side', doneBy('server', held(b))],
  ])('are separate from one with %s', (_what, between) => {
    const found = gathered([held(a), between, held(c)], given);

    expect(found).toHaveLength(3);
    expect(found[1]).toEqual(between);
  });
});

it('each joined message counts in a report', () => {
  const partials = Array.from({ length: 20 }, (_, i) =>
    heard({ text: `word ${i}`, is_final: false, offset_ms: 0, stability: 0.5 }),
  );
  const { report } = judgeTrace(events([...MICROPHONE, audio(5000), ...partials]), { only: ['SX-PART-001'] });

  expect(report.requirements[0]).toMatchObject({ verdict: 'pass', exercised: partials.length });
});
