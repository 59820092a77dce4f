import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationsOf } from '../../../../src/conformance/conversation/conversation.ts';
import { INVARIANTS } from '../../../../src/conformance/invariants/invariants.ts';
import type { Side } from '../../../../src/conformance/judge/judge.ts';
import { TOLERANCES } from '../../../../src/conformance/judge/tolerances.ts';
import { REQUIREMENTS } from '../../../../src/protocol/requirements.ts';
import type { TraceEvent } from '../../../../src/wire/trace.ts';
import { CLIENT_HAPPENINGS, legalClient } from './crossing/legal-client.ts';
import { HAPPENINGS, legalReson8 } from './crossing/legal-reson8.ts';
import { legalTurns, TURN_HAPPENINGS } from './crossing/legal-turns.ts';
import { legalScriptix, SCRIPTIX_HAPPENINGS } from './crossing/legal-scriptix.ts';
import { beforeSlowLine, throughSlowLine } from './crossing/slow-line.ts';

/** The side that each requirement judged here could accuse. */
const SIDES = new Map<string, Side | 'both'>(REQUIREMENTS.map(({ id, side }) => [id, side]));

/** The requirements that a side is accused of not meeting. */
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

/** Messages take less than a second: longer ones cannot be told from lost ones in a trace. */
const LATENESS = fc.array(fc.integer({ min: 0, max: 950 }), { minLength: 1, maxLength: 20 });
const EACH = { numRuns: 300, size: 'max' } as const;

/** What peers of a kind do, in any order, each in its own way. */
interface Peers<Happening, Habits> {
  readonly side: Side;
  readonly happenings: readonly Happening[];
  readonly habits: { [Name in keyof Habits]: fc.Arbitrary<Habits[Name]> };
  /** A conversation with such a peer, as it sees it itself. */
  readonly legal: (happenings: readonly Happening[], habits: Habits) => readonly TraceEvent[];
}

/** They are accused neither by a trace of their own end, nor by one of the other end of a slow line. */
function expectNoAccusation<Happening, Habits>({
  side,
  happenings,
  habits,
  legal,
}: Peers<Happening, Habits>) {
  const all = fc.array(fc.constantFrom(...happenings), { maxLength: 14 });
  const property = fc.property(all, fc.record(habits), LATENESS, (happens, how, laterMs) => {
    const events = legal(happens, how);
    expect(accusations(events, side)).toEqual([]);
    expect(accusations(throughSlowLine(events, { from: side, laterMs }), side)).toEqual([]);
    const from = side === 'server' ? 'client' : 'server';
    expect(accusations(beforeSlowLine(events, { from, laterMs }), side)).toEqual([]);
  });
  fc.assert(property, EACH);
}

describe('a conforming server is not accused of anything, at its own end and through a slow line', () => {
  const side = 'server';

  it('of Reson8', () => {
    const habits = {
      hasInterims: fc.boolean(),
      hasTimes: fc.boolean(),
      answersEmptyFlushes: fc.boolean(),
      confirmsLate: fc.boolean(),
      isRepetitive: fc.boolean(),
      countsAudioOnly: fc.boolean(),
    };
    expectNoAccusation({ side, happenings: HAPPENINGS, habits, legal: legalReson8 });
  });

  it('of turns', () => {
    const habits = {
      hasTimes: fc.boolean(),
      answersEmptyFlushes: fc.boolean(),
      leavesSilence: fc.boolean(),
      countsAudioOnly: fc.boolean(),
    };
    expectNoAccusation({ side, happenings: TURN_HAPPENINGS, habits, legal: legalTurns });
  });

  it('of Scriptix', () => {
    const habits = {
      isStream: fc.boolean(),
      loads: fc.constantFrom('at once', 'when started', 'never'),
      edition: fc.constantFrom('documents', 'examples'),
      listens: fc.boolean(),
      isAbsolute: fc.boolean(),
      isAdvancing: fc.boolean(),
      isRepetitive: fc.boolean(),
    };
    expectNoAccusation({ side, happenings: SCRIPTIX_HAPPENINGS, habits, legal: legalScriptix });
  });
});

describe('a conforming client is not accused of anything, at its own end and through a slow line', () => {
  it.each(['scriptix', 'scriptix-stream', 'reson8', 'reson8-turns'] as const)('of %s', (service) => {
    const habits = {
      service: fc.constant(service),
      isReporting: fc.boolean(),
      isImpatient: fc.boolean(),
      crosses: fc.constantFrom('interim', 'final', 'odd message', 'error'),
    };
    expectNoAccusation({ side: 'client', happenings: CLIENT_HAPPENINGS, habits, legal: legalClient });
  });
});

it('a server of Scriptix that repeats its finals is accused, through a slow line too', () => {
  const habits = { isStream: false, loads: 'never', edition: 'documents', listens: true } as const;
  const how = { ...habits, isAbsolute: false, isAdvancing: false, isRepetitive: false };
  const events = legalScriptix(['speech', 'final', 'pause'], how).flatMap((event) => {
    return event.kind === 'text' && event.text.includes('"is_final":true') ? [event, event] : [event];
  });
  const laterMs = [700, 100];
  expect(accusations(events, 'server')).toContain('SX-FIN-016');
  const slow = throughSlowLine(events, { from: 'server', laterMs });
  expect(accusations(slow, 'server')).toContain('SX-FIN-016');
  const before = beforeSlowLine(events, { from: 'client', laterMs });
  expect(accusations(before, 'server')).toContain('SX-FIN-016');
});
