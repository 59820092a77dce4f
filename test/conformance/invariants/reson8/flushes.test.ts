import { describe, expect, it } from 'vitest';
import type { TraceEvent, TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, close, context, events, judge, outcomes, play, SILENCE, SPEECH } from '../../play.ts';
import {
  confirmed,
  end,
  flush,
  INTERIM,
  open,
  session,
  TIMES,
  transcript,
  type Facts,
} from './cases/building.ts';

const AUDIO = audio(2000);
const WORDS = transcript('hello there');
const said = (...facts: Facts) => session('', ...facts);
const interim = (text: string) => transcript(text, { is_final: false });
const NOTE: TraceFact = { kind: 'note', message: 'gone', dropped: 3 };

describe('R8-FL-002, a flush that is not confirmed', () => {
  it.each<readonly [string, Facts, readonly string[]]>([
    ['the client leaves soon', [flush('a'), at(4800, close('client')), end('client')], []],
    [
      'the client waits for the whole limit',
      [flush('a'), at(5010, close('client')), end('client')],
      ['broken'],
    ],
    ['the client breaks off soon', [flush('a'), end('client', 'fin')], []],
    [
      'the server closes',
      [flush('a'), at(1000, close('server')), close('client'), end('server')],
      ['broken'],
    ],
    ['the server breaks off', [flush('a'), at(1000, end('server', 'fin'))], ['broken']],
    // The server may have done so before it read the request.
    ['the server closes at once', [flush('a'), close('server'), close('client'), end('server')], ['unclear']],
    ['the server breaks off at once', [flush('a'), end('server', 'fin')], ['unclear']],
    ['the trace stops', [flush('a')], []],
    ['the trace goes on', [flush('a'), at(5010, AUDIO)], ['broken']],
    [
      'the connection ends soon, and it is unknown by which side',
      [flush('a'), { kind: 'end', how: 'fin', code: 1006 }],
      [],
    ],
    ['the observer has lost events', [flush('a'), NOTE, at(9000, AUDIO)], []],
  ])('%s', (_how, facts, expected) => {
    expect(outcomes('R8-FL-002', said(...facts))).toEqual(expected);
  });

  it('has the request, the end and every confirmation as evidence', () => {
    expect(judge('R8-FL-002', said(flush('a'), at(1000, end('server', 'fin'))))).toMatchObject([
      { outcome: 'broken', events: [3, 4] },
    ]);
    expect(
      judge('R8-FL-002', said(flush('a'), confirmed('a'), confirmed('a'), confirmed('a'))),
    ).toMatchObject([{ outcome: 'broken', events: [3, 4, 5, 6], actual: '3 of them' }]);
  });
});

it('R8-FL-002: a server that ends each connection next to a flush, and never goes on after one, ends them because of flushes', () => {
  const crash = (nth: number) =>
    events([...open(), flush('a'), end('server', 'fin')]).map((each) => ({ ...each, session: `s${nth}` }));
  const run = (...sessions: readonly (readonly TraceEvent[])[]) =>
    outcomes('R8-FL-002', play(sessions.flat()));

  expect(run(crash(1))).toEqual(['unclear']);
  expect(run(crash(1), crash(2))).toEqual(['broken', 'broken']);

  const good = events([...open(), flush('a'), confirmed('a')]).map((each) => ({ ...each, session: 's3' }));
  expect(run(crash(1), crash(2), good)).toEqual(['unclear', 'unclear', 'held']);
});

describe('which confirmation belongs to which request', () => {
  const verdicts = (...facts: Facts) =>
    Object.fromEntries(
      ['002', '003', '004', '005', '008'].map((id) => [
        id,
        outcomes(`R8-FL-${id}`, said(...facts)).join(' '),
      ]),
    );

  it.each<readonly [string, Facts, Record<string, string>]>([
    [
      'the same id again, after it was confirmed',
      [flush('a'), confirmed('a'), flush('a'), confirmed('a')],
      { '002': 'held held', '003': 'held held', '005': '', '008': 'held' },
    ],
    [
      'the same id twice at once',
      [flush('a'), flush('a'), confirmed('a'), confirmed('a')],
      { '002': 'held held', '003': 'held held', '005': '', '008': 'held' },
    ],
    [
      'three at once, in order',
      [flush('a'), flush(), flush('c'), confirmed('a'), confirmed(null), confirmed('c')],
      { '002': 'held held held', '003': 'held held', '004': 'held', '005': 'held held', '008': 'held' },
    ],
    [
      'three at once, the last one confirmed first',
      [flush('a'), flush(), flush('c'), confirmed('c'), confirmed('a'), confirmed(null)],
      { '002': 'held held held', '003': 'held held', '004': 'held', '005': 'held broken', '008': 'held' },
    ],
    [
      'a wrong id while two are open',
      [flush('a'), flush('b'), confirmed('x'), confirmed('b')],
      { '002': 'held held', '003': 'broken held', '005': '', '008': 'held' },
    ],
    [
      'a confirmation before its request',
      [confirmed('a'), flush('a'), confirmed('a')],
      { '002': 'held', '003': 'held', '008': 'broken' },
    ],
    [
      'an id that differs in its case, its width or its form',
      [flush('É'), confirmed('É'.normalize('NFD'))],
      { '002': 'held', '003': 'broken', '008': 'held' },
    ],
    [
      'an id of a wrong type',
      [flush(7), confirmed(7)],
      { '002': 'held', '003': '', '004': '', '008': 'held' },
    ],
  ])('%s', (_what, facts, expected) => {
    expect(verdicts(...facts)).toMatchObject(expected);
  });
});

describe('R8-FL-006, the words that a flush has to return:', () => {
  it.each<readonly [string, Facts, readonly string[]]>([
    ['a second of speech', [audio(1000), flush(), confirmed(null)], ['broken']],
    ['less than a second', [audio(980), flush(), confirmed(null)], []],
    [
      'a second after a final, which may be a pause',
      [AUDIO, WORDS, audio(1000), flush(), confirmed(null)],
      [],
    ],
    ['two seconds after a final', [AUDIO, WORDS, AUDIO, flush(), confirmed(null)], ['broken']],
    [
      'a second after a flush',
      [AUDIO, flush('a'), WORDS, confirmed('a'), audio(1000), flush(), confirmed(null)],
      ['held'],
    ],
    [
      'two seconds after a flush',
      [AUDIO, flush('a'), WORDS, confirmed('a'), AUDIO, flush(), confirmed(null)],
      ['held', 'broken'],
    ],
    [
      'the second of two at once, with nothing between',
      [AUDIO, flush('a'), flush('b'), WORDS, confirmed('a'), confirmed('b')],
      ['held'],
    ],
    ['silence', [SILENCE, AUDIO, flush(), confirmed(null)], []],
    ['speech, then silence', [AUDIO, SILENCE, AUDIO, flush(), confirmed(null)], ['broken']],
    [
      'audio of unknown content',
      [context({ audio: { bytesPerMs: 32, content: 'unknown' } }), AUDIO, flush(), confirmed(null)],
      [],
    ],
    [
      'speech of unknown length',
      [context({ audio: { bytesPerMs: 0, content: 'speech' } }), AUDIO, flush(), confirmed(null)],
      [],
    ],
    ['an empty transcript', [AUDIO, flush(), transcript(''), confirmed(null)], ['broken']],
    ['a transcript after the confirmation', [AUDIO, flush(), confirmed(null), WORDS], ['held']],
    ['lost events', [AUDIO, NOTE, flush(), confirmed(null)], []],
  ])('%s', (_what, facts, expected) => {
    expect(outcomes('R8-FL-006', said(...facts))).toEqual(expected);
  });

  it('an interim alone shows that there were words, but they may have been revised to none', () => {
    const facts = [audio(500), interim('hello'), flush(), confirmed(null)];
    expect(outcomes('R8-FL-006', session(INTERIM, ...facts))).toEqual(['doubtful']);

    const taken = [audio(500), interim('hello'), interim(''), flush(), confirmed(null)];
    expect(outcomes('R8-FL-006', session(INTERIM, ...taken))).toEqual([]);

    const changed = [audio(500), interim('hello'), flush(), transcript(''), confirmed(null)];
    expect(outcomes('R8-FL-006', session(INTERIM, ...changed))).toEqual([]);
  });
});

it('R8-FL-006 reports an empty transcript instead of what was spoken', () => {
  const [told] = judge('R8-FL-006', session('', AUDIO, flush(), transcript(''), confirmed(null)));
  expect(told).toMatchObject({ outcome: 'broken', actual: 'an empty transcript' });
});

describe('R8-FL-007, the transcript of a flush comes before its confirmation:', () => {
  it.each<readonly [string, string, Facts, readonly string[]]>([
    ['more of it afterwards', '', [AUDIO, flush(), WORDS, confirmed(null), WORDS], ['broken']],
    ['later speech afterwards', '', [AUDIO, flush(), WORDS, confirmed(null), AUDIO, WORDS], ['held']],
    [
      'its time shows it although audio came in between',
      TIMES,
      [AUDIO, flush(), confirmed(null), AUDIO, transcript('hi', { start_ms: 300, duration_ms: 900 })],
      ['broken'],
    ],
    [
      'its time shows that it is later speech',
      TIMES,
      [AUDIO, flush(), confirmed(null), AUDIO, transcript('hi', { start_ms: 2300, duration_ms: 900 })],
      [],
    ],
    ['nothing is known of the audio', '', [SPEECH, audio(10), flush(), confirmed(null), WORDS], ['broken']],
  ])('%s', (_what, query, facts, expected) => {
    expect(outcomes('R8-FL-007', session(query, ...facts))).toEqual(expected);
  });
});

describe('R8-FL-009, the transcript of a flush is final:', () => {
  it.each<readonly [string, Facts, readonly string[]]>([
    ['an interim, then the final', [interim('a'), transcript('a', { is_final: true })], ['held']],
    ['a transcript without is_final, which shows nothing', [WORDS], []],
    ['no transcript, which is for R8-FL-006 to judge', [], []],
    ['an interim, then an empty final', [interim('a'), transcript('', { is_final: true })], []],
  ])('%s', (_what, facts, expected) => {
    const play = session(INTERIM, AUDIO, flush(), ...facts, confirmed(null));
    expect(outcomes('R8-FL-009', play)).toEqual(expected);
  });

  it('an interim that was still on its way may have been revised to an empty text', () => {
    const facts = [audio(500), interim('a'), flush(), interim('ah'), confirmed(null)];
    expect(outcomes('R8-FL-009', session(INTERIM, ...facts))).toEqual(['doubtful']);
  });

  it('a final after the confirmation is judged by R8-FL-007 only', () => {
    const facts = [AUDIO, flush(), interim('a'), confirmed(null), transcript('a', { is_final: true })];
    expect(outcomes('R8-FL-009', session(INTERIM, ...facts))).toEqual([]);
  });
});

describe('R8-FL-010, the session goes on after a flush:', () => {
  const FLUSHED: Facts = [AUDIO, flush('a'), WORDS, confirmed('a')];

  it.each<readonly [string, string, Facts, readonly string[]]>([
    ['a transcript', '', [AUDIO, flush('b'), WORDS, confirmed('b')], ['held']],
    // A server that heard nothing after its first flush passed, because it went on to confirm flushes.
    ['only a confirmation for speech', '', [AUDIO, flush('b'), confirmed('b')], ['broken']],
    ['only a confirmation for silence', '', [SILENCE, AUDIO, flush('b'), confirmed('b')], []],
    ['another flush without an answer', '', [AUDIO, flush('b'), at(5010, audio(20))], ['broken']],
    ['another flush, and the client leaves', '', [AUDIO, flush('b'), close('client')], []],
    ['the server closes at once', '', [audio(20), close('server')], ['broken']],
    [
      'the server closes next to the audio, and had received none for long',
      '',
      [flush('b'), at(5010, confirmed('b')), at(4000, audio(20)), close('server')],
      [],
    ],
    [
      'the server closes a moment after it has received the audio',
      '',
      [at(2000, audio(20)), at(1000, close('server'))],
      ['broken'],
    ],
    ['the server closes after an error', '', [audio(20), transcriptError(), close('server')], []],
    [
      'the server closes later, when it may not have read the audio',
      '',
      [at(5010, AUDIO), close('server')],
      [],
    ],
    [
      'the server closes later, when it has read the audio',
      '',
      [at(5010, AUDIO), at(1000, close('server'))],
      ['broken'],
    ],
    ['the server closes long after the audio', '', [audio(20), at(5010, close('server'))], []],
    ['the server closes before any audio', '', [close('server')], []],
    ['interims are due and do not come', INTERIM, [AUDIO, at(5010, audio(20))], ['broken']],
    ['a final is not due yet', '', [AUDIO, at(5010, audio(20))], []],
    ['silence', INTERIM, [SILENCE, AUDIO, at(5010, audio(20))], []],
    ['lost events', '', [NOTE, AUDIO, flush('b'), at(5010, audio(20))], []],
  ])('%s', (_what, query, facts, expected) => {
    expect(outcomes('R8-FL-010', session(query, ...FLUSHED, ...facts))).toEqual(expected);
  });

  it('a result that came while a flush was pending may be an answer', () => {
    // The server confirms late: the second result is of the last audio.
    const facts: Facts = [
      ...[AUDIO, flush('a'), WORDS, AUDIO, flush('b'), confirmed('a'), AUDIO],
      ...[WORDS, WORDS, confirmed('b'), flush('c'), confirmed('c')],
    ];
    expect(outcomes('R8-FL-010', said(...facts))).toEqual(['unclear']);
  });

  it('a result that was still on its way is not an answer', () => {
    const facts: Facts = [flush('a'), flush('b'), confirmed('a'), AUDIO, confirmed('b'), close('server')];
    expect(outcomes('R8-FL-010', said(...facts))).toEqual(['broken']);
  });
});

function transcriptError(): TraceFact {
  return { kind: 'text', from: 'server', text: '{"type":"error","code":"INTERNAL_ERROR","message":"oops"}' };
}
