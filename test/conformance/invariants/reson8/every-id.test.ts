import { describe, expect, it } from 'vitest';
import { RESON8_INVARIANTS } from '../../../../src/conformance/invariants/reson8/reson8.ts';
import { RESON8_REQUIREMENTS } from '../../../../src/protocol/reson8/requirements/requirements.ts';
import { judge, outcomes } from '../../play.ts';
import type { Case } from './cases/building.ts';
import { CLIENT_CASES, CLIENT_SIDE_CASES } from './cases/client.ts';
import { FIELD_CASES } from './cases/fields.ts';
import { FLUSH_CASES } from './cases/flushes.ts';
import { OPENING_CASES } from './cases/opening.ts';
import { TIME_CASES } from './cases/times.ts';

const CASES: readonly Case[] = [
  ...OPENING_CASES,
  ...FIELD_CASES,
  ...TIME_CASES,
  ...FLUSH_CASES,
  ...CLIENT_CASES,
  ...CLIENT_SIDE_CASES,
];
const IDS = RESON8_INVARIANTS.map(({ id }) => id);

describe.each(CASES)('$id', ({ id, held, broken, evidence, actual, also = [], silent }) => {
  it('is kept', () => {
    const seen = outcomes(id, held);
    expect(seen).not.toHaveLength(0);
    expect(new Set(seen)).toEqual(new Set(['held']));
  });

  it('is broken, and no other requirement is', () => {
    const [first] = judge(id, broken).filter(({ outcome }) => outcome === 'broken');
    expect(first).toMatchObject({ events: evidence, actual: expect.stringContaining(actual) as string });
    expect(first?.expected).not.toBe('');

    const others = IDS.filter((other) => other !== id && outcomes(other, broken).includes('broken'));
    expect(others).toEqual(also);
  });

  it('is not exercised without its witness', () => {
    expect(judge(id, silent)).toEqual([]);
  });
});

describe('the invariants of Reson8', () => {
  it('exist for each requirement, and each has a case', () => {
    expect(new Set(IDS).size).toBe(IDS.length);
    expect([...IDS].sort()).toEqual(RESON8_REQUIREMENTS.map(({ id }) => id).sort());

    // Requirements that compare several sessions are in foreign-words.test.ts and formats.test.ts.
    const compared = ['R8-ISO-001', 'R8-TR-017'];
    expect(new Set([...CASES.map(({ id }) => id), ...compared])).toEqual(new Set(IDS));
  });
});
