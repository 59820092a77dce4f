import { describe, expect, it } from 'vitest';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, close, context, events, heard, judge, MICROPHONE, outcomes, play } from '../../play.ts';

const fallen: TraceFact = { kind: 'end', by: 'client', how: 'fin', code: 1006 };
const plain = heard({ text: 'hi', is_final: true, offset_ms: 0, words: [['hi', 0, 100, 1]] });
const odd = heard({ text: 'hi', is_final: true, offset_ms: 500, words: [['hi', 0, 100, 1]], channel: 0 });
const oddPartial = heard({ text: 'hi', is_final: false, offset_ms: 0, stability: 1, channel: 0 });
const named = (scenario: string, ...facts: readonly TraceFact[]): Play =>
  play(events([context({ scenario }), ...MICROPHONE, ...facts]));
const judged = (id: string, given: Play, ...others: readonly Play[]) =>
  outcomes(id, { ...given, run: [given, ...others] });
const stays = named('happy-path', audio(100), plain, at(1500, audio(100)), close('client'));
const crashes = named('happy-path', audio(100), plain, audio(100), fallen);
const leaves = named('happy-path', audio(100), plain, close('client'));

describe('a client that falls after a final with a field that no document knows', () => {
  const given = named('extra-fields', audio(100), odd, audio(100), fallen);

  it('falls because of it if it stays after others', () => {
    expect(judged('SX-MSG-003', given, stays)).toEqual(['broken']);
  });

  // A client that crashed at every final broke the requirement about unknown fields.
  it('falls for another reason if it falls after every final', () => {
    expect(judged('SX-MSG-003', given, crashes)).toEqual(['unclear']);
    expect(judged('SX-MSG-003', given, leaves)).toEqual(['unclear']);
  });

  it('may fall for another reason if it has survived the field elsewhere, and no other final was seen', () => {
    const survivor = named(
      'extra-fields',
      audio(100),
      oddPartial,
      at(1200, audio(1)),
      odd,
      audio(100),
      fallen,
    );

    expect(judged('SX-MSG-003', survivor)).toEqual(['held', 'unclear']);
    expect(judged('SX-MSG-003', survivor, stays)).toEqual(['held', 'broken']);
  });

  it('is not excused by a plain final that the odd one follows at once', () => {
    const twice = named('extra-fields', audio(100), plain, odd, audio(100), fallen);
    expect(judged('SX-MSG-003', twice)).toEqual(['broken']);
  });
});

// On a busy machine a process that crashed was seen to end more than a second later, and had survived.
it('a client whose end is seen late fell if it had done nothing more', () => {
  const late = at(1500, fallen);

  expect(judged('SX-MSG-003', named('extra-fields', audio(50), odd, audio(5), late), stays)).toEqual([
    'broken',
  ]);
  expect(
    judged('SX-MSG-003', named('extra-fields', audio(50), odd, at(1200, audio(5)), late), stays),
  ).toEqual(['held']);
  // All that it had to send was sent.
  expect(judged('SX-MSG-003', named('extra-fields', audio(200), odd, audio(5), late), stays)).toEqual([
    'held',
  ]);
});

// A process that stood still from then on until the runner ended it had survived by the audio that was under way.
it('a client that does nothing more after what may have been under way is undecided', () => {
  const message = heard({ text: 'b', is_final: false, offset_ms: 500, stability: 1 });
  const hung = named('extra-fields', audio(50), odd, audio(5), at(3000, message));
  const alive = named('extra-fields', audio(50), odd, audio(5), at(3000, message), audio(5));

  expect(judged('SX-MSG-003', hung, stays)).toEqual([]);
  expect(judged('SX-MSG-003', alive, stays)).toEqual(['held']);
});

// What was reported of it was "not seen", although it was sent.
describe('a client that does nothing more until the runner ends it at its time limit', () => {
  const ended = context({ client: 'timeout' });
  const state = heard({ state: 'warming_up' });
  const silent = { kind: 'end', how: 'reset', code: 1006 } as const;
  const told = 'it did nothing more, and had not ended at its time limit';

  it('is undecided, with what was seen, whether or not it had work before', () => {
    for (const facts of [[state], [audio(50), state, audio(5)]]) {
      const given = named('unknown-state', ...facts, at(20_000, silent), ended);
      const [only] = judge('SX-STATE-007', { ...given, run: [given, stays] });
      expect(only).toMatchObject({ outcome: 'unclear', actual: told });
    }
  });

  it('is the same where its program closes in order when it is asked to end', () => {
    const given = named('unknown-state', audio(50), state, audio(5), at(20_000, close('client')), ended);
    expect(judged('SX-STATE-007', given, stays)).toEqual(['unclear']);
  });

  it('is judged by what it did where it worked on, or fell', () => {
    const on = named('unknown-state', audio(50), state, at(2000, audio(5)), at(20_000, silent), ended);
    expect(judged('SX-STATE-007', on, stays)).toEqual(['held']);
    const closed = [audio(50), state, audio(5), at(2000, close('client')), at(20_000, ended)];
    expect(judged('SX-STATE-007', named('unknown-state', ...closed), stays)).toEqual(['held']);
    const fell = named('unknown-state', audio(50), state, at(20, fallen), at(20_000, ended));
    expect(judged('SX-STATE-007', fell, stays)).toEqual(['broken']);
  });

  it('says nothing of a message that came as the server ended the connection', () => {
    const over = named('unknown-state', audio(50), state, close('server'), at(20_000, ended));
    expect(judged('SX-STATE-007', over, stays)).toEqual([]);
  });
});

describe('a client that closes in order directly after a message', () => {
  it('left because of it if it sends more audio in the plain scenario', () => {
    const early = named('extra-fields', audio(50), odd, close('client'));
    const late = named('extra-fields', audio(200), odd, close('client'));

    expect(judged('SX-MSG-003', early, stays)).toEqual(['broken']);
    expect(judged('SX-MSG-003', late, stays)).toEqual(['unclear']);
    expect(judged('SX-MSG-003', early)).toEqual(['unclear']);
  });
});

// A client that left at `loading`, before any audio, had survived everything.
it('a client that sends no audio survives nothing', () => {
  const state = heard({ state: 'warming_up' });
  expect(outcomes('SX-STATE-007', named('unknown-state', state, at(2000, close('client'))))).toEqual([]);
  expect(outcomes('SX-FIN-020', named('happy-path', plain, at(2000, close('client'))))).toEqual([]);

  const working = named('unknown-state', state, audio(100), at(2000, close('client')));
  expect(outcomes('SX-STATE-007', working)).toEqual(['held']);
});
