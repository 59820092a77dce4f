import { describe, expect, it } from 'vitest';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, close, context, events, heard, judge, MICROPHONE, outcomes, play } from '../../play.ts';
import { report } from '../../rest-play.ts';

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

describe('a client that crashes after a final with an undocumented field', () => {
  const given = named('extra-fields', audio(100), odd, audio(100), fallen);

  it('crashes because of the field if it survives other finals', () => {
    expect(judged('SX-MSG-003', given, stays)).toEqual(['broken']);
  });

  // A client that crashed at every final broke the requirement about unknown fields.
  it('crashes for another reason if it crashes after every final', () => {
    expect(judged('SX-MSG-003', given, crashes)).toEqual(['unclear']);
    expect(judged('SX-MSG-003', given, leaves)).toEqual(['unclear']);
  });

  it('may crash for another reason if it has survived the field elsewhere, and there was no other final', () => {
    const survivor = named(
      'extra-fields',
      audio(100),
      oddPartial,
      at(5200, audio(1)),
      odd,
      audio(100),
      fallen,
    );

    expect(judged('SX-MSG-003', survivor)).toEqual(['held', 'unclear']);
    expect(judged('SX-MSG-003', survivor, stays)).toEqual(['held', 'broken']);
  });

  it('is not excused by a plain final directly before the odd one', () => {
    const twice = named('extra-fields', audio(100), plain, odd, audio(100), fallen);
    expect(judged('SX-MSG-003', twice)).toEqual(['broken']);
  });
});

// On a busy machine a process that crashed was seen to end more than a second later, and had survived.
it('a client whose end is seen late has crashed if it had done nothing more', () => {
  const late = at(1500, fallen);

  expect(judged('SX-MSG-003', named('extra-fields', audio(50), odd, audio(5), late), stays)).toEqual([
    'broken',
  ]);
  // It may have crashed for another reason.
  for (const facts of [
    [audio(50), odd, at(1200, audio(5)), late],
    [audio(200), odd, audio(5), late],
  ]) {
    expect(judged('SX-MSG-003', named('extra-fields', ...facts), stays)).toEqual(['unclear']);
  }
});

// A client that ends each session with 4000 was said to have failed at the final that came 41 ms before its end.
describe('a client that closes soon after a message', () => {
  const ends = (bytes: number, code?: number) =>
    named('extra-fields', audio(bytes), odd, close('client', code));

  it('may have intended to, with 1000 or a code of its own', () => {
    for (const code of [1000, 4000, 4999])
      expect(judged('SX-MSG-003', ends(200, code), stays)).toEqual(['unclear']);
  });

  it('has failed if it had more to send, or its code says so', () => {
    for (const code of [1000, 4000]) expect(judged('SX-MSG-003', ends(100, code), stays)).toEqual(['broken']);
    for (const code of [1002, 1011, 3999]) {
      expect(judged('SX-MSG-003', ends(200, code), stays)).toEqual(['broken']);
    }
  });
});

// A client reported a reset 0.2 ms before that was recorded, and was said to have failed at the message before it.
describe('a client that reports a failure just before its server ends the connection', () => {
  const reset: TraceFact = { kind: 'end', by: 'server', how: 'reset', code: 1006 };
  const given = (...facts: readonly TraceFact[]) => named('extra-fields', audio(50), odd, ...facts);

  it('may report that end', () => {
    const told = [at(600, report({ event: 'closed', code: 1006 })), report({ event: 'error' })];
    expect(judged('SX-MSG-003', given(...told, reset), stays)).toEqual([]);
  });

  it('does not if the server went on for long after it, or never ended the connection', () => {
    const told = [report({ event: 'error' }), at(1500, audio(5))];
    expect(judged('SX-MSG-003', given(...told, reset), stays)).toEqual(['broken']);
    expect(judged('SX-MSG-003', given(report({ event: 'error' }), fallen), stays)).toEqual(['broken']);
  });
});

// On a busy machine one that fell 15 ms after a message it did not know had survived it: it read that a second later.
describe('a client that ends badly more than a second after a message', () => {
  const given = (...facts: readonly TraceFact[]) => named('extra-fields', audio(50), odd, ...facts);
  const sound = at(1100, audio(5));

  it('may have read the message only then', () => {
    expect(judged('SX-MSG-003', given(sound, fallen), stays)).toEqual(['unclear']);
    expect(judged('SX-MSG-003', given(sound, fallen))).toEqual(['unclear']);
    expect(judged('SX-MSG-003', given(sound, close('client', 4000)), stays)).toEqual(['unclear']);
    const reported = given(sound, report({ event: 'error' }), close('client'));
    expect(judged('SX-MSG-003', reported)).toEqual(['unclear']);
  });

  it('has survived the message if that was long ago', () => {
    expect(judged('SX-MSG-003', given(at(5200, audio(5)), fallen), stays)).toEqual(['held']);
    const reported = given(at(5200, audio(5)), report({ event: 'error' }), close('client'));
    expect(judged('SX-MSG-003', reported)).toEqual(['held']);
  });

  it('has not, if the observer stood still for most of that time', () => {
    const stall = { fromMs: 1000, untilMs: 4000, readFrom: 'client' } as const;
    const noted: TraceFact = { kind: 'note', message: 'the runner did nothing for 3000 ms', stall };
    expect(judged('SX-MSG-003', given(at(5200, audio(5)), noted, fallen), stays)).toEqual(['unclear']);
  });

  it('ends no worse than in the plain scenario', () => {
    const drops = named('happy-path', audio(50), plain, at(1500, audio(5)), fallen);
    expect(judged('SX-MSG-003', given(sound, fallen), drops)).toEqual(['held']);
  });

  it('has survived the message if it goes on, or ends well', () => {
    expect(judged('SX-MSG-003', given(sound), stays)).toEqual(['held']);
    expect(judged('SX-MSG-003', given(sound, close('client')))).toEqual(['held']);
  });
});

describe('a client whose program has ended', () => {
  const gone = context({ client: 'exited 1' });

  // Its audio was read 1.5 s later, and its end not at all: it seemed to go on.
  it('has done before its end what is read after it', () => {
    const facts = [audio(50), odd, at(500, gone), at(1500, audio(5))];
    expect(judged('SX-MSG-003', named('extra-fields', ...facts))).toEqual(['unclear']);
    expect(judged('SX-MSG-003', named('extra-fields', ...facts, fallen))).toEqual(['broken']);
    const later = [audio(50), odd, at(1500, gone), at(1500, audio(5))];
    expect(judged('SX-MSG-003', named('extra-fields', ...later), stays)).toEqual(['unclear']);
    expect(judged('SX-MSG-003', named('extra-fields', ...later, fallen), stays)).toEqual(['unclear']);
  });

  it('has received nothing after that', () => {
    const facts = [audio(50), gone, odd, at(1500, audio(5)), fallen];
    expect(judged('SX-MSG-003', named('extra-fields', ...facts), stays)).toEqual([]);
  });
});

// A process that hung from then on until the runner ended it counted as surviving because of audio that was on its way.
it('a client that does nothing more after a message, except for what may have been on its way, has not survived it', () => {
  const message = heard({ text: 'b', is_final: false, offset_ms: 500, stability: 1 });
  const hung = named('extra-fields', audio(50), odd, audio(5), at(3000, message));
  const alive = named('extra-fields', audio(50), odd, audio(5), at(3000, message), audio(5));

  expect(judged('SX-MSG-003', hung, stays)).toEqual([]);
  expect(judged('SX-MSG-003', alive, stays)).toEqual(['held']);

  // What was read late, because the runner stood still, counted as a sign of life.
  const stall = { fromMs: 500, untilMs: 3050, readFrom: 'client' } as const;
  const noted: TraceFact = { kind: 'note', message: 'the runner did nothing for 2550 ms', stall };
  const late = (...facts: readonly TraceFact[]) => {
    return named('extra-fields', audio(50), odd, at(3000, audio(5)), ...facts, at(3000, message));
  };
  expect(judged('SX-MSG-003', late(), stays)).toEqual(['held']);
  expect(judged('SX-MSG-003', late(noted), stays)).toEqual([]);
});

// The report said "not seen", although the message was sent.
describe('a client that does nothing more until the runner ends it at its time limit', () => {
  const ended = context({ client: 'timeout' });
  const state = heard({ state: 'warming_up' });
  const silent = { kind: 'end', how: 'reset', code: 1006 } as const;
  const told = 'it did nothing more, and had not ended at its time limit';

  it('is undecided, with what was seen, whether or not it had been active before', () => {
    for (const facts of [[state], [audio(50), state, audio(5)]]) {
      const given = named('unknown-state', ...facts, at(20_000, silent), ended);
      const [only] = judge('SX-STATE-007', { ...given, run: [given, stays] });
      expect(only).toMatchObject({ outcome: 'unclear', actual: told });
    }
  });

  it('is also undecided if its program closes normally when it is asked to end', () => {
    const given = named('unknown-state', audio(50), state, audio(5), at(20_000, close('client')), ended);
    expect(judged('SX-STATE-007', given, stays)).toEqual(['unclear']);
  });

  it('is judged by what it did if it went on, or crashed', () => {
    const on = named('unknown-state', audio(50), state, at(2000, audio(5)), at(20_000, silent), ended);
    expect(judged('SX-STATE-007', on, stays)).toEqual(['held']);
    const closed = [audio(150), state, audio(20), at(2000, close('client')), at(20_000, ended)];
    expect(judged('SX-STATE-007', named('unknown-state', ...closed), stays)).toEqual(['held']);
    const fell = named('unknown-state', audio(50), state, at(20, fallen), at(20_000, ended));
    expect(judged('SX-STATE-007', fell, stays)).toEqual(['broken']);
  });

  it('is not judged by a message that came as the server ended the connection', () => {
    const over = named('unknown-state', audio(50), state, close('server'), at(20_000, ended));
    expect(judged('SX-STATE-007', over, stays)).toEqual([]);
  });
});

describe('a client that closes normally directly after a message', () => {
  it('left because of the message if it sends more audio in the plain scenario', () => {
    const early = named('extra-fields', audio(50), odd, close('client'));
    const late = named('extra-fields', audio(200), odd, close('client'));

    expect(judged('SX-MSG-003', early, stays)).toEqual(['broken']);
    expect(judged('SX-MSG-003', late, stays)).toEqual(['unclear']);
    expect(judged('SX-MSG-003', early)).toEqual(['unclear']);
  });

  // It was said to have left early, because it had stayed longer in a session in which all its audio was text.
  it('is not compared with a session in which it sent no audio', () => {
    const silent = named('happy-path', plain, at(15_000, close('server')));
    const given = named('partials-rewrite', audio(200), plain, close('client'));

    expect(judged('SX-FIN-020', given, silent)).toEqual(['unclear']);
  });
});

// A client that left at `loading`, before any audio, counted as surviving everything.
it('a client that sends no audio survives nothing', () => {
  const state = heard({ state: 'warming_up' });
  expect(outcomes('SX-STATE-007', named('unknown-state', state, at(2000, close('client'))))).toEqual([]);
  expect(outcomes('SX-FIN-020', named('happy-path', plain, at(2000, close('client'))))).toEqual([]);

  const working = named('unknown-state', state, audio(100), at(2000, close('client')));
  expect(outcomes('SX-STATE-007', working)).toEqual(['held']);
});
