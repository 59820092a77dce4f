import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationsOf } from '../../../../src/conformance/conversation/conversation.ts';
import { INVARIANTS } from '../../../../src/conformance/invariants/index.ts';
import type { Side } from '../../../../src/conformance/judge/judge.ts';
import { TOLERANCES } from '../../../../src/conformance/judge/tolerances.ts';
import { REQUIREMENTS } from '../../../../src/protocol/requirements.ts';
import type { TraceEvent } from '../../../../src/wire/trace.ts';
import { HAPPENINGS, legalReson8 } from './crossing/legal-reson8.ts';
import { legalTurns, TURN_HAPPENINGS } from './crossing/legal-turns.ts';
import { throughSlowLine } from './crossing/slow-line.ts';

/** Who could be accused of what is judged here, by the requirement. */
const SIDES = new Map<string, Side | 'both'>(REQUIREMENTS.map(({ id, side }) => [id, side]));

/** The requirements that a side is accused of not meeting, in what it did. */
function accusations(events: readonly TraceEvent[], side: Side): readonly string[] {
  const play = { name: 'crossing', conversations: conversationsOf(events), tolerances: TOLERANCES };
  return INVARIANTS.filter(({ id, judge }) => {
    const concerned = SIDES.get(id) ?? 'both';
    if (concerned !== 'both' && concerned !== side) return false;
    return [...judge(play)].some(({ outcome, by = side }) => {
      return by === side && (outcome === 'broken' || outcome === 'doubtful');
    });
  }).map(({ id }) => id);
}

function expectNoAccusation(events: readonly TraceEvent[], laterMs: readonly number[]): void {
  expect(accusations(events, 'server')).toEqual([]);
  expect(accusations(throughSlowLine(events, { from: 'server', laterMs }), 'server')).toEqual([]);
}

/** Messages are under way for less than a second: what takes longer is lost, for all that a trace shows. */
const LATENESS = fc.array(fc.integer({ min: 0, max: 950 }), { minLength: 1, maxLength: 20 });
const EACH = { numRuns: 300, size: 'max' } as const;

describe('a conforming server is accused of nothing, at its own end and through a slow line', () => {
  it('of Reson8', () => {
    const happenings = fc.array(fc.constantFrom(...HAPPENINGS), { maxLength: 14 });
    const habits = fc.record({
      hasInterims: fc.boolean(),
      hasTimes: fc.boolean(),
      answersEmptyFlushes: fc.boolean(),
      confirmsLate: fc.boolean(),
      isRepetitive: fc.boolean(),
      countsAudioOnly: fc.boolean(),
    });
    fc.assert(
      fc.property(happenings, habits, LATENESS, (all, how, laterMs) =>
        expectNoAccusation(legalReson8(all, how), laterMs),
      ),
      EACH,
    );
  });

  it('of turns', () => {
    const happenings = fc.array(fc.constantFrom(...TURN_HAPPENINGS), { maxLength: 14 });
    const habits = fc.record({
      hasTimes: fc.boolean(),
      answersEmptyFlushes: fc.boolean(),
      leavesSilence: fc.boolean(),
      countsAudioOnly: fc.boolean(),
    });
    fc.assert(
      fc.property(happenings, habits, LATENESS, (all, how, laterMs) =>
        expectNoAccusation(legalTurns(all, how), laterMs),
      ),
      EACH,
    );
  });
});
