import { describe, expect, it } from 'vitest';
import { SCRIPTIX_INVARIANTS } from '../../../../src/conformance/invariants/scriptix/scriptix.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import { judge } from '../../play.ts';
import type { Breach, Case } from './cases/case.ts';
import { ON_CLIENT } from './cases/client.ts';
import { CONNECTING } from './cases/connecting.ts';
import { MESSAGES } from './cases/messages.ts';
import { ON_MICROPHONE } from './cases/microphone.ts';
import { FORMS, SEGMENTS } from './cases/results.ts';
import { ON_STREAM } from './cases/stream.ts';

const CASES: readonly Case[] = [
  ...CONNECTING,
  ...ON_MICROPHONE,
  ...ON_STREAM,
  ...MESSAGES,
  ...FORMS,
  ...SEGMENTS,
  ...ON_CLIENT,
];

/** All requirements that are broken or doubtful in a play. */
function complaints(play: Play): readonly string[] {
  return SCRIPTIX_INVARIANTS.filter((each) =>
    [...each.judge(play)].some(({ outcome }) => outcome === 'broken' || outcome === 'doubtful'),
  ).map(({ id }) => id);
}

describe.each(CASES)('$id', ({ id, held, broken, silent }) => {
  it('is held', () => {
    const occasions = judge(id, held);
    expect(new Set(occasions.map(({ outcome }) => outcome))).toEqual(new Set(['held']));
    expect(occasions.every(({ events }) => events.length > 0)).toBe(true);
  });

  it('is not exercised without its witness', () => {
    expect(judge(id, silent)).toEqual([]);
  });

  it.runIf(broken.length > 0).each(broken.map((each, i) => [i + 1, each] as const))(
    'is broken in example %i, with the events that prove it',
    (_way: number, { play, evidence, also = [], outcome = 'broken' }: Breach) => {
      const found = judge(id, play).find((each) => each.outcome === outcome);

      expect(found).toMatchObject({ events: evidence });
      expect(found?.expected).toBeTruthy();
      expect(found?.actual).toBeTruthy();
      expect([...complaints(play)].sort()).toEqual([id, ...also].sort());
    },
  );
});

describe('the invariants of Scriptix', () => {
  it('exist for each requirement, and each is in the table above', () => {
    const ids = SCRIPTIX_INVARIANTS.map(({ id }) => id).sort();
    expect(ids).toEqual([...new Set(ids)]);

    // Requirements on several sessions are in foreign-words.test.ts, those of later editions in
    // editions/scriptix.test.ts.
    const elsewhere = ['SX-ISO-001', 'SX-CONN-022', 'SX-STATE-008', 'SX-STATE-009'];
    expect([...CASES.map(({ id }) => id), ...elsewhere].sort()).toEqual(ids);
  });
});
