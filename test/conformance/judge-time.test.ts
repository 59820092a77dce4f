import { expect, it } from 'vitest';
import { conversationsOf } from '../../src/conformance/conversation/conversation.ts';
import { judgePlays, NOT_JUDGED, requirementsOf } from '../../src/conformance/judging/plays.ts';
import { TOLERANCES } from '../../src/conformance/judge/tolerances.ts';
import { SHAPES } from '../support/long-traces.ts';

const events = SHAPES['many sessions of Reson8']?.(200) ?? [];
const play = { name: 'reson8/speech', conversations: conversationsOf(events), tolerances: TOLERANCES };
const requirements = requirementsOf('server', ['reson8'], {});
const terms = { strict: false, deviations: new Set<string>(), side: 'server' as const };

// Judging what a flood had left took longer than the run, after --max-time was over.
it('a trace for which there is no time to judge is left undecided, with the reason', () => {
  let asked = 0;
  const results = judgePlays([play], requirements, { ...terms, isOver: () => (asked += 1) > 20 });
  const rest = results.filter(({ reason }) => reason === NOT_JUDGED);

  expect(new Set(rest.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
  expect(rest.length).toBeGreaterThan(10);

  const whole = judgePlays([play], requirements, terms);
  expect(whole.filter(({ reason }) => reason === NOT_JUDGED)).toEqual([]);

  // The verdicts that were reached are those of a full judgement.
  for (const result of results.filter((each) => !rest.includes(each))) expect(whole).toContainEqual(result);
});
