import { describe, expect, it } from 'vitest';
import type { RequirementResult, Verdict } from '../../../src/conformance/judge/result.ts';
import { withRests } from '../../../src/conformance/judge/rests.ts';

function result(id: string, verdict: Verdict, more: Partial<RequirementResult> = {}): RequirementResult {
  const facts = {
    level: 'MUST',
    side: 'server',
    exercised: 1,
    reading: null,
    source: [],
    statement: '',
  } as const;
  return { ...facts, id, verdict, ...more };
}

/** The reason of a result that depends on another one, and the cause that it names. */
function toldBeside(other: readonly RequirementResult[]) {
  const [{ reason, cause } = {}] = withRests([
    result('SX-REST-010', 'inconclusive', { cause: 'SX-REST-004' }),
    ...other,
  ]);
  return { reason, cause };
}

// Behind a gateway with a page in every answer, a requirement was reported as broken that had not been exercised.
describe('a result that depends on another requirement', () => {
  it.each<[Verdict, string]>([
    ['fail', 'SX-REST-004 is broken by a message that this rests on'],
    ['warn', 'SX-REST-004 has a warning for a message that this rests on'],
    ['excused', 'SX-REST-004 is excused for a message that this rests on'],
  ])('names that requirement as its cause if the verdict on it is %s', (verdict, reason) => {
    expect(toldBeside([result('SX-REST-004', verdict)])).toEqual({ reason, cause: 'SX-REST-004' });
  });

  it.each<Verdict>(['not-exercised', 'inconclusive', 'not-applicable', 'pass'])(
    'does not name it if the verdict on it is %s, and gives the reason',
    (verdict) => {
      const { reason, cause } = toldBeside([
        result('SX-REST-004', verdict, { reason: 'answered with a page' }),
      ]);

      expect(cause).toBeUndefined();
      expect(reason).toBe(
        'it rests on what SX-REST-004 asks for, which was not decided: answered with a page',
      );
    },
  );

  it('does not name it if it was not judged', () => {
    expect(toldBeside([])).toEqual({
      reason: 'it rests on a message that SX-REST-004 covers, which was not judged',
      cause: undefined,
    });
  });

  it('is unchanged if it depends on none', () => {
    const all = [result('SX-REST-010', 'inconclusive', { reason: 'not seen: a 401' })];
    expect(withRests(all)).toEqual(all);
  });
});
