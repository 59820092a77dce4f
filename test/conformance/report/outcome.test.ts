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

it.each<[string, string, readonly (readonly [Level, Verdict])[], Partial<Circumstances>]>([
  [
    'conforming',
    'a run that has passed, with a warning',
    [
      ['MUST', 'pass'],
      ['SHOULD', 'warn'],
      ['MUST', 'not-applicable'],
    ],
    {},
  ],
  [
    'conforming',
    'a SHOULD that was not exercised and a MUST that is excused',
    [
      ['MUST', 'pass'],
      ['SHOULD', 'not-exercised'],
      ['MUST', 'excused'],
    ],
    {},
  ],
  [
    'violations',
    'a MUST that has failed beside one that was not exercised',
    [
      ['MUST', 'fail'],
      ['MUST', 'not-exercised'],
    ],
    {},
  ],
  ['violations', 'a failure in a run that was cut short', [['MUST', 'fail']], { isCutShort: true }],
  [
    'incomplete',
    'a MUST that was not exercised',
    [
      ['MUST', 'pass'],
      ['MUST', 'not-exercised'],
    ],
    {},
  ],
  [
    'incomplete',
    'a MUST that is undecided',
    [
      ['MUST', 'pass'],
      ['MUST', 'inconclusive'],
    ],
    {},
  ],
  [
    'incomplete',
    'a SHOULD that was not exercised in a strict run',
    [
      ['MUST', 'pass'],
      ['SHOULD', 'not-exercised'],
    ],
    { strict: true },
  ],
  ['incomplete', 'a run that was cut short', [['MUST', 'pass']], { isCutShort: true }],
  ['incomplete', 'only a SHOULD that was not exercised', [['SHOULD', 'not-exercised']], {}],
  ['incomplete', 'no requirement at all', [], {}],
  ['stale-baseline', 'a baseline with an entry that no longer applies', [['MUST', 'fail']], { stale: ['X'] }],
])('the outcome is %s for %s', (outcome, _what, results, circumstances) => {
  expect(outcomeOf(results.map(result), { ...CALM, ...circumstances })).toBe(outcome);
});

it('the summary counts every verdict', () => {
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
