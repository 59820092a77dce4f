import { describe, expect, it } from 'vitest';
import { resultOf } from '../../../src/conformance/judge/judge.ts';
import type { Terms } from '../../../src/conformance/judge/terms.ts';
import { withReading, type Occasion } from '../../../src/conformance/judge/invariant.ts';
import { AMBIGUITIES } from '../../../src/protocol/ambiguities.ts';
import type { Requirement } from '../../../src/protocol/requirement.ts';

const { readings: A4 } = AMBIGUITIES.A4;
const { readings: A7 } = AMBIGUITIES.A7;

const REQUIREMENT = {
  id: 'X-1',
  level: 'MUST',
  side: 'server',
  dialects: ['scriptix'],
  statement: 'x',
  source: [],
  check: { kind: 'invariant', witness: 'a partial', unseen: 'not-exercised' },
} as unknown as Requirement;
const TERMS = { strict: false, deviations: new Set<string>(), side: 'server' } as Terms;
const HELD: Occasion = { outcome: 'held', events: [1] };
const BROKEN: Occasion = { outcome: 'broken', events: [2, 3], expected: 'a', actual: 'b' };
const DOUBTFUL: Occasion = { outcome: 'doubtful', events: [4], expected: 'a', actual: 'c' };
const UNCLEAR: Occasion = { outcome: 'unclear', events: [5] };

const resultFor = (
  occasions: readonly Occasion[],
  requirement: Partial<Requirement> = {},
  terms: Partial<Terms> = {},
) =>
  resultOf(
    { ...REQUIREMENT, ...requirement },
    occasions.map((occasion, i) => ({ play: `p${i}`, occasion })),
    { ...TERMS, ...terms },
  );

describe('the verdict', () => {
  it.each<[string, string, readonly Occasion[], Partial<Requirement>?, Partial<Terms>?]>([
    ['a MUST that was held', 'pass', [HELD, HELD]],
    ['a MUST that was broken once', 'fail', [HELD, BROKEN, DOUBTFUL]],
    ['a SHOULD that was broken once', 'warn', [HELD, BROKEN], { level: 'SHOULD' }],
    [
      'a SHOULD that was broken in a strict run',
      'fail',
      [HELD, BROKEN],
      { level: 'SHOULD' },
      { strict: true },
    ],
    ['a MUST that some reading allows', 'warn', [HELD, DOUBTFUL, UNCLEAR]],
    ['a MUST that some reading allows, in a strict run', 'warn', [DOUBTFUL], {}, { strict: true }],
    ['a MUST that was only unclear', 'inconclusive', [UNCLEAR, UNCLEAR]],
    ['a MUST that was held where it was clear', 'pass', [UNCLEAR, HELD]],
    ['a MUST that was never exercised', 'not-exercised', []],
    ['a mere observation', 'pass', [BROKEN], { level: 'INFO' }],
    [
      'a requirement that cannot be checked',
      'not-applicable',
      [BROKEN],
      { check: { kind: 'none', reason: 'r' } },
    ],
  ])('of %s is %s', (_what, verdict, occasions, requirement = {}, terms = {}) => {
    expect(resultFor(occasions, requirement, terms).verdict).toBe(verdict);
  });

  it('has the play and the events of the worst occasion', () => {
    expect(resultFor([HELD, DOUBTFUL, BROKEN, BROKEN])).toMatchObject({
      play: 'p2',
      evidence: [2, 3],
      expected: 'a',
      actual: 'b',
      exercised: 4,
    });
  });

  it('has the number of occasions on which the requirement was not kept', () => {
    expect(resultFor([HELD, DOUBTFUL, BROKEN, UNCLEAR])).toMatchObject({ exercised: 3, broken: 2 });
    expect(resultFor([HELD, HELD])).not.toHaveProperty('broken');
  });

  it('counts an accepted deviation as kept', () => {
    const accepted = { ...BROKEN, deviation: 'known' };
    expect(resultFor([accepted, BROKEN], {}, { deviations: new Set(['known']) })).toMatchObject({
      exercised: 2,
      broken: 1,
    });
  });

  it('counts only occasions that were decided', () => {
    expect(resultFor([HELD, UNCLEAR]).exercised).toBe(1);
  });

  it('names what was not exercised', () => {
    expect(resultFor([]).reason).toBe('not seen: a partial');
  });
});

describe('a deviation', () => {
  const deviant: Occasion = { ...BROKEN, deviation: 'known' };
  const accepted = { deviations: new Set(['known']) };

  it('is excused if it is accepted, and otherwise not', () => {
    expect(resultFor([HELD, deviant], {}, accepted).verdict).toBe('excused');
    expect(resultFor([HELD, deviant]).verdict).toBe('fail');
  });

  it('excuses no other finding', () => {
    expect(resultFor([deviant, BROKEN], {}, accepted).verdict).toBe('fail');
    expect(resultFor([deviant, DOUBTFUL], {}, accepted).verdict).toBe('warn');
  });
});

describe('readings', () => {
  it('are reported, each once', () => {
    const readings = [A7.relative, A4.start, A7.relative].map((reading) => withReading(HELD, reading));
    expect(resultFor(readings)).toMatchObject({ verdict: 'pass', reading: `${A4.start}; ${A7.relative}` });
  });
});
