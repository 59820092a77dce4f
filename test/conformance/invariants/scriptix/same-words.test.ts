import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, close, context, events, judge, outcomes, play } from '../../play.ts';
import { final, partial, STARTED } from './cases/case.ts';

const SPEECH = context({ audio: { bytesPerMs: 32, content: 'speech' } });
const SILENCE = context({ audio: { bytesPerMs: 32, content: 'silence' } });
const session = (role: string, ...facts: readonly TraceFact[]): readonly TraceFact[] => [
  ...STARTED,
  context({ group: 'g', role }),
  SPEECH,
  ...facts,
];
const WORDS = 'good morning I would like to make an appointment';
/** The results of a server that recognises 8 s of audio at the speed of speech, two seconds late. */
const base = session(
  'base',
  audio(8000),
  at(2500, partial('good morning')),
  at(1000, partial('good morning I would')),
  at(1000, partial('good morning I would like to make')),
  at(500, close('client')),
);
const lead = (...facts: readonly TraceFact[]) =>
  session('lead', SILENCE, audio(1000), SPEECH, audio(8000), ...facts);

// A server that is no faster than speech was reported to recognise other words after a second of silence.
describe('SX-MIC-008, for a server that had not sent all its results when the client left,', () => {
  const judged = (...sessions: readonly (readonly TraceFact[])[]) => play(events(...sessions));

  it('is undecided if the words are those with which the other session begins', () => {
    const given = judged(base, lead(at(3500, partial('good morning')), at(1500, close('client'))));

    expect(judge('SX-MIC-008', given)).toMatchObject([
      { outcome: 'unclear', actual: expect.stringContaining('perhaps because the client left') as string },
    ]);
  });

  it('is undecided if there are no words yet', () => {
    expect(outcomes('SX-MIC-008', judged(base, lead(at(3000, close('client')))))).toEqual(['unclear']);
  });

  it('is broken if the client stayed for as long as the other sessions took', () => {
    expect(outcomes('SX-MIC-008', judged(base, lead(at(9000, close('client')))))).toEqual(['broken']);
    const few = lead(at(3500, partial('good morning')), at(6000, close('client')));
    expect(outcomes('SX-MIC-008', judged(base, few))).toEqual(['broken']);
  });

  it('is broken if the server ended the session', () => {
    const few = lead(at(3500, partial('good morning')), at(1500, close('server')));
    expect(outcomes('SX-MIC-008', judged(base, few))).toEqual(['broken']);
  });

  it('is broken if the words are different', () => {
    const other = lead(at(3500, partial('nothing like it')), at(1500, close('client')));
    expect(outcomes('SX-MIC-008', judged(base, other))).toEqual(['broken']);
  });

  it('is held if both sessions have all results', () => {
    const whole = (role: string) =>
      session(role, audio(8000), at(500, partial(WORDS)), at(100, final(WORDS)), close('client'));
    expect(outcomes('SX-MIC-008', judged(whole('base'), whole('chunks')))).toEqual(['held']);
  });
});
