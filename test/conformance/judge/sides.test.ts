import { describe, expect, it } from 'vitest';
import { resultOf } from '../../../src/conformance/judge/judge.ts';
import type { Seen, Terms } from '../../../src/conformance/judge/terms.ts';
import {
  broken,
  doneBy,
  held,
  unclear,
  withReading,
  type Occasion,
} from '../../../src/conformance/judge/invariant.ts';
import { AMBIGUITIES } from '../../../src/protocol/ambiguities.ts';
import type { Check, Requirement } from '../../../src/protocol/requirement.ts';

type Unseen = Extract<Check, { kind: 'invariant' }>['unseen'];

const ping = (unseen: Unseen = 'not-exercised'): Requirement => ({
  id: 'TR-002',
  level: 'MUST',
  side: 'both',
  dialects: ['scriptix'],
  statement: 'A Ping is answered',
  source: [],
  check: { kind: 'invariant', witness: 'a Ping', unseen },
});
const seen = (...occasions: readonly Occasion[]): readonly Seen[] =>
  occasions.map((occasion) => ({ play: 'ping', occasion }));
const terms = (side?: Terms['side']): Terms => ({
  strict: false,
  deviations: new Set(),
  ...(side === undefined ? {} : { side }),
});

const byClient = doneBy('client', broken([7], 'a Pong', 'none came'));
const byServer = doneBy('server', held(3, 4));

describe('a requirement of both sides', () => {
  it.each<[side: Terms['side'], verdict: string, exercised: number]>([
    ['server', 'pass', 1],
    ['client', 'fail', 1],
    ['both', 'fail', 2],
    [undefined, 'fail', 2],
  ])('is judged by what the judged side did (%s): %s', (side, verdict, exercised) => {
    expect(resultOf(ping(), seen(byClient, byServer), terms(side))).toMatchObject({ verdict, exercised });
  });

  it('was not exercised where only the other side had an occasion', () => {
    expect(resultOf(ping(), seen(byClient), terms('server'))).toMatchObject({
      verdict: 'not-exercised',
      exercised: 0,
      reason: 'not seen: a Ping',
    });
  });

  it('has no readings and no doubts from what the other side did', () => {
    const reading = withReading(byClient, AMBIGUITIES.A1.readings.optional);
    const doubt = doneBy('client', unclear([1], 'x', 'y'));

    expect(resultOf(ping(), seen(reading, doubt, byServer), terms('server'))).toMatchObject({
      verdict: 'pass',
      reading: null,
    });
  });

  it('counts occasions without a side as those of the judged one', () => {
    const result = resultOf(ping(), seen(broken([1], 'x', 'y')), terms('server'));
    expect(result).toMatchObject({ verdict: 'fail', evidence: [1], expected: 'x', actual: 'y' });
  });
});

describe('the verdict on a requirement that was not exercised', () => {
  it.each<[side: Terms['side'], verdict: string]>([
    ['server', 'not-exercised'],
    ['client', 'not-applicable'],
    ['both', 'not-exercised'],
    [undefined, 'not-exercised'],
  ])('may depend on the judged side: for %s it is %s', (side, verdict) => {
    const bySide = ping({ server: 'not-exercised', client: 'not-applicable' });
    expect(resultOf(bySide, [], terms(side)).verdict).toBe(verdict);
  });

  it.each(['server', 'client', 'both'] as const)(
    'is otherwise the same, whichever side is judged (%s)',
    (side) => {
      expect(resultOf(ping('not-applicable'), [], terms(side)).verdict).toBe('not-applicable');
    },
  );
});
