import { expect, it } from 'vitest';
import { outcomeOf, summaryOf, type Circumstances } from '../../../src/conformance/report/outcome.ts';
import type { RequirementResult, Verdict } from '../../../src/conformance/judge/result.ts';

type Level = RequirementResult['level'];
const result = ([level, verdict]: readonly [Level, Verdict]): RequirementResult => ({
  id: 'X',
  level,
  side: 'server',
  verdict,
  exercised: 1,
  reading: null,
  source: [],
  statement: 'x',
});
const CALM = { stale: [], isCutShort: false, strict: false };

it.each<[string, readonly (readonly [Level, Verdict])[], Partial<Circumstances>]>([
  [
    'conforming',
    [
      ['MUST', 'pass'],
      ['SHOULD', 'warn'],
      ['MUST', 'not-applicable'],
    ],
    {},
  ],
  [
    'conforming',
    [
      ['MUST', 'pass'],
      ['SHOULD', 'not-exercised'],
      ['MUST', 'excused'],
    ],
    {},
  ],
  [
    'violations',
    [
      ['MUST', 'fail'],
      ['MUST', 'not-exercised'],
    ],
    {},
  ],
  ['violations', [['MUST', 'fail']], { isCutShort: true }],
  [
    'incomplete',
    [
      ['MUST', 'pass'],
      ['MUST', 'not-exercised'],
    ],
    {},
  ],
  [
    'incomplete',
    [
      ['MUST', 'pass'],
      ['MUST', 'inconclusive'],
    ],
    {},
  ],
  [
    'incomplete',
    [
      ['MUST', 'pass'],
      ['SHOULD', 'not-exercised'],
    ],
    { strict: true },
  ],
  ['incomplete', [['MUST', 'pass']], { isCutShort: true }],
  ['incomplete', [['SHOULD', 'not-exercised']], {}],
  ['incomplete', [], {}],
  ['stale-baseline', [['MUST', 'fail']], { stale: ['X'] }],
])('is %s for %j, %j', (outcome, results, circumstances) => {
  expect(outcomeOf(results.map(result), { ...CALM, ...circumstances })).toBe(outcome);
});

it('counts every verdict', () => {
  const verdicts: readonly Verdict[] = [
    'pass',
    'fail',
    'warn',
    'not-exercised',
    'not-applicable',
    'inconclusive',
    'excused',
  ];
  const all = verdicts.flatMap((verdict, i) =>
    Array.from({ length: i + 1 }, () => result(['MUST', verdict])),
  );
  expect(summaryOf(all)).toEqual({
    pass: 1,
    fail: 2,
    warn: 3,
    notExercised: 4,
    notApplicable: 5,
    inconclusive: 6,
    excused: 7,
  });
});
