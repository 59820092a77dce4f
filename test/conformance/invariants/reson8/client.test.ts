import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, close, events, heard, outcomes, play, response, said } from '../../play.ts';
import {
  confirmed,
  end,
  flush,
  INTERIM,
  report,
  session,
  SMALL,
  switched,
  transcript,
  upgrade,
  type Facts,
} from './cases/building.ts';

const bytes = (byteCount: number, frameCount = 1): TraceFact => ({
  kind: 'binary',
  from: 'client',
  byteCount,
  ...(frameCount === 1 ? {} : { frameCount }),
});

describe('what a client may write in the query', () => {
  const judged = (id: string, query: string) => outcomes(id, play(events([upgrade(query)])));

  it.each([
    ['R8-QRY-001', 'encoding=auto', 'held'],
    ['R8-QRY-001', 'encoding=PCM_S16LE', 'broken'],
    ['R8-QRY-001', 'encoding=', 'broken'],
    ['R8-QRY-001', 'encoding=mulaw', 'doubtful'],
    ['R8-QRY-002', 'sample_rate=16000.5', 'held'],
    ['R8-QRY-002', 'sample_rate=16e3', 'doubtful'],
    ['R8-QRY-002', 'sample_rate=16kHz', 'broken'],
    ['R8-QRY-002', 'sample_rate=-8000', 'broken'],
    ['R8-QRY-002', 'sample_rate=Infinity', 'broken'],
    ['R8-QRY-002', 'sample_rate=', 'broken'],
    ['R8-QRY-003', 'channels=1', 'held'],
    ['R8-QRY-003', 'channels=2.0', 'doubtful'],
    ['R8-QRY-003', 'channels=mono', 'broken'],
    ['R8-QRY-003', 'channels=0', 'broken'],
    ['R8-QRY-004', 'include_interim=true', 'held'],
    ['R8-QRY-004', 'include_interim=1', 'broken'],
    ['R8-QRY-004', 'include_confidence=', 'broken'],
    ['R8-QRY-004', 'include_timestamps=TRUE', 'broken'],
  ])('%s: %s is %s', (id, query, expected) => {
    expect(judged(id, query)).toEqual([expected]);
  });

  it.each([
    ['encoding=mulaw', 'held'],
    ['encoding=alaw', 'held'],
    ['encoding=opus', 'broken'],
  ])('R8-QRY-001 of the edition 2026-08: %s is %s', (query, expected) => {
    const edition: TraceFact = { kind: 'context', about: { edition: '2026-08' } };
    expect(outcomes('R8-QRY-001', play(events([edition, upgrade(query)])))).toEqual([expected]);
  });

  it('judges each of several values', () => {
    expect(judged('R8-QRY-004', 'include_words=true&include_words=yes&include_interim=false')).toEqual([
      'held',
      'broken',
      'held',
    ]);
  });
});

describe('R8-QRY-006, whole samples', () => {
  const frames = (query: string, ...facts: readonly TraceFact[]) =>
    outcomes('R8-QRY-006', session(query, ...facts));
  const raw = (...facts: readonly TraceFact[]) => frames('encoding=pcm_s16le', ...facts);

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['each frame by itself', raw(bytes(640), bytes(641), bytes(0)), ['held', 'broken', 'held']],
    ['several of one size', raw(bytes(6400, 10)), ['held']],
    ['several with an odd total', raw(bytes(303, 3)), ['broken']],
    ['several whose halves may fit together', raw(bytes(202, 2)), ['unclear']],
    ['the same beside frames that are whole', raw(bytes(202, 2), bytes(640)), ['held']],
    [
      'samples of three channels',
      frames('encoding=pcm_s16le&channels=3', bytes(12), bytes(16)),
      ['held', 'broken'],
    ],
    ['channels that are not a number', frames('encoding=pcm_s16le&channels=x', bytes(3)), []],
    ['another encoding', frames('encoding=auto', bytes(3)), []],
  ])('%s', (_what, seen, expected) => {
    expect(seen).toEqual(expected);
  });
});

describe('R8-MSG-003, audio that is text', () => {
  const BASE64 = 'AAAB/+9k'.repeat(40);
  it.each<readonly [string, string, readonly string[]]>([
    ['base64 in an object', JSON.stringify({ type: 'input_audio', audio: BASE64 }), ['broken']],
    ['base64 alone', BASE64, ['broken']],
    ['samples as numbers', JSON.stringify(Array.from({ length: 160 }, (_, i) => i - 80)), ['broken']],
    ['a command', '{"type":"stop"}', []],
    ['a long sentence', JSON.stringify({ text: 'please hold the line '.repeat(40) }), []],
  ])('%s', (_what, text, expected) => {
    expect(outcomes('R8-MSG-003', session('', said(text)))).toEqual(expected);
  });
});

describe('R8-MSG-005, what a client does after an unknown message', () => {
  const strange = heard({ type: 'speech_started' });
  it.each<readonly [string, Facts, readonly string[]]>([
    ['it goes on', [strange, at(1000, audio(20)), audio(20)], ['held']],
    ['it goes on only for a moment', [strange, audio(20), audio(20)], []],
    // A client that crashed 15 ms after the message passed, because a frame of audio came in between.
    ['a frame comes before it crashes', [strange, audio(20), end('client', 'fin', 1006)], ['broken']],
    ['frames come before it crashes', [strange, audio(20), at(800, close('client', 1011))], ['broken']],
    ['it crashes later', [strange, audio(20), at(1200, end('client', 'fin', 1006))], ['unclear']],
    ['it crashes much later', [strange, audio(20), at(5200, end('client', 'fin', 1006))], ['held']],
    ['it does nothing more, and crashes', [strange, at(4000, end('client', 'fin', 1006))], ['broken']],
    ['it closes normally', [strange, close('client', 1000)], ['unclear']],
    ['it closes because the page is left', [strange, close('client', 1001)], ['unclear']],
    ['it closes later, and has sent no audio', [strange, at(2000, close('client', 1000))], []],
    ['it closes with a complaint', [strange, close('client', 1003)], ['broken']],
    ['it breaks off', [strange, end('client', 'fin', 1006)], ['broken']],
    ['it reports an error', [strange, report({ event: 'error' }), close('client')], ['broken']],
    [
      'it reports an error of the service',
      [strange, heard({ type: 'error' }), report({ event: 'error' })],
      [],
    ],
    ['the server ends it', [strange, close('server')], []],
    ['nothing follows in the trace', [strange], []],
    [
      'an unknown field of a word',
      [transcript('a', { words: [{ text: 'a', speaker_id: 0 }] }), at(1000, audio(20)), audio(20)],
      ['held'],
    ],
    [
      'a known field that was not asked for',
      [heard({ ...SMALL, is_final: true }), close('client', 1003)],
      [],
    ],
    [
      'an unknown message whose text is also that of a transcript',
      [
        heard({ type: 'x', text: 'hi' }),
        transcript('hi there'),
        report({ event: 'display', text: 'hi there' }),
        audio(20),
        at(1000, audio(20)),
      ],
      ['held'],
    ],
  ])('%s', (_what, facts, expected) => {
    expect(outcomes('R8-MSG-005', session('', ...facts))).toEqual(expected);
  });
});

describe('R8-TR-016, a client shows', () => {
  const interim = (text: string) => transcript(text, { is_final: false });
  const final = (text: string) => transcript(text, { is_final: true });
  const shows = (text: string) => report({ event: 'display', text });
  const keeps = (text: string) => report({ event: 'final', text });
  const seen = (...facts: Facts) => outcomes('R8-TR-016', session(INTERIM, ...facts));
  const error = heard({ type: 'error', code: 'INTERNAL_ERROR' });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['the latest interim', seen(interim('the'), interim('the cat'), shows('the cat')), ['held']],
    [
      'an earlier interim, since it is late',
      seen(interim('the'), interim('the cat'), shows('the')),
      ['held'],
    ],
    [
      'finals and the latest',
      seen(final('yes'), interim('the'), interim('the cat'), shows('Yes. The cat')),
      ['held'],
    ],
    ['both interims', seen(interim('the'), interim('the cat'), shows('the the cat')), ['broken']],
    ['the interim and its final', seen(interim('the'), final('the cat'), shows('the the cat')), ['broken']],
    ['a word that is said twice', seen(interim('yes'), interim('yes yes'), shows('yes yes')), ['held']],
    [
      'a word that was final before',
      seen(final('no'), interim('no'), interim('no no no'), shows('no no no no')),
      ['held'],
    ],
    ['something of its own', seen(interim('the'), shows('…')), []],
    ['every final once', seen(final('yes'), keeps('Yes.'), final('yes'), keeps('Yes.')), ['held', 'held']],
    ['all finals but one', seen(final('yes'), keeps('yes'), final('no'), audio(20)), ['held', 'broken']],
    ['one final twice', seen(final('yes'), keeps('yes'), keeps('yes')), ['held', 'broken']],
    ['a final that it has changed', seen(final('yes'), keeps('yeah')), ['broken']],
    [
      'an interim as a final',
      seen(interim('ye'), keeps('ye'), final('yes'), keeps('yes')),
      ['held', 'broken'],
    ],
    ['a final before it came', seen(keeps('yes'), final('yes')), ['broken']],
    [
      'all finals but one after its Close frame',
      seen(final('yes'), keeps('yes'), close('client'), final('no')),
      ['held'],
    ],
    [
      'all finals but one just before the connection is lost',
      seen(final('yes'), keeps('yes'), final('no'), at(900, end('server', 'fin', 1006))),
      ['held'],
    ],
    [
      'all finals but one a while before the connection is lost',
      seen(final('yes'), keeps('yes'), final('no'), at(1000, end('server', 'fin', 1006))),
      ['held', 'broken'],
    ],
    // The client may have left before the final came.
    [
      'all finals but one just before both have closed',
      seen(final('yes'), keeps('yes'), final('no'), close('client'), close('server')),
      ['held'],
    ],
    [
      'all finals but one a while before both have closed',
      seen(final('yes'), keeps('yes'), final('no'), at(1000, close('client')), close('server')),
      ['held', 'broken'],
    ],
    [
      'all finals but one before the confirmation for which it waited',
      seen(flush('a'), final('yes'), keeps('yes'), final('no'), confirmed('a'), close('client')),
      ['held', 'broken'],
    ],
    [
      'all finals but one before a confirmation for which it no longer waited',
      seen(flush('a'), final('yes'), keeps('yes'), at(3000, final('no')), confirmed('a'), close('client')),
      ['held'],
    ],
    [
      'all finals but one before a confirmation for which it did not wait because of an error',
      seen(flush('a'), final('yes'), keeps('yes'), error, final('no'), confirmed('a'), close('client')),
      ['held'],
    ],
    [
      'all finals but one after the confirmation of the last flush',
      seen(
        flush('a'),
        flush('b'),
        final('yes'),
        keeps('yes'),
        confirmed('b'),
        final('no'),
        confirmed('a'),
        close('client'),
      ),
      ['held'],
    ],
    ['an empty final', seen(final(''), final('yes'), keeps(''), keeps('yes')), ['held']],
    ['the final in place of its interim', seen(interim('a'), final('a b'), shows('a b')), ['held']],
  ])('%s', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('counts the finals of all connections together', () => {
    const first: Facts = [upgrade(INTERIM), switched(), final('yes')];
    const second: Facts = [at(100, upgrade(INTERIM)), switched(), final('no'), keeps('yes'), keeps('no')];
    expect(outcomes('R8-TR-016', play(events(first, second)))).toEqual(['held', 'held']);
  });
});

describe('flushes of a client', () => {
  it.each<readonly [string, TraceFact, readonly string[]]>([
    ['no id', flush(), ['held']],
    ['an empty id', flush(''), ['held']],
    ['null', flush(null), ['broken']],
    ['another type', said({ type: 'flush', id: 7 }), []],
  ])('R8-FL-001: %s', (_what, fact, expected) => {
    expect(outcomes('R8-FL-001', session('', fact))).toEqual(expected);
  });

  it.each<readonly [string, Facts, readonly string[]]>([
    ['the confirmation came', [flush('a'), confirmed('a'), close('client')], ['held']],
    ['one with a wrong id came', [flush('a'), confirmed('b'), close('client')], ['held']],
    ['it waited long enough', [flush('a'), at(5000, close('client'))], ['held']],
    ['it waited a while', [flush('a'), at(2000, close('client'))], ['doubtful']],
    ['it broke off', [flush('a'), end('client', 'fin', 1006)], ['broken']],
    ['the server closed', [flush('a'), close('server')], []],
    [
      'the confirmation of the last of two flushes came',
      [flush('a'), flush('b'), confirmed('a'), confirmed('b'), close('client')],
      ['held'],
    ],
    ['without a flush', [close('client')], []],
  ])('R8-FL-012, the client waits for the confirmation: %s', (_what, facts, expected) => {
    expect(outcomes('R8-FL-012', session('', ...facts))).toEqual(expected);
  });

  it.each<readonly [string, Facts, readonly string[]]>([
    ['it goes on waiting', [flush('a'), confirmed('x'), at(3000, close('client'))], ['held']],
    // On a busy machine it had taken that long to read the confirmation.
    ['it closes a while later', [flush('a'), confirmed('x'), at(1200, close('client'))], ['unclear']],
    // A confirmation that merely arrived next to a close was a proof.
    ['it closes next to it', [flush('a'), confirmed('x'), close('client')], ['unclear']],
    ['its own comes later', [flush('a'), confirmed('x'), confirmed('a'), close('client')], ['held']],
    ['its own came before', [flush('a'), confirmed('a'), confirmed('x'), close('client')], []],
    [
      'it is for another request of the client',
      [flush('a'), flush('b'), confirmed('b'), close('client')],
      [],
    ],
    ['the server ends it', [flush('a'), confirmed('x'), close('server')], []],
  ])('R8-FL-011 with a confirmation that is not for its request: %s', (_what, facts, expected) => {
    expect(outcomes('R8-FL-011', session('', ...facts))).toEqual(expected);
  });

  it.each<readonly [string, usualMs: number, outcome: string]>([
    ['always leaves after 100 ms', 100, 'unclear'],
    ['waits for its own', 5000, 'broken'],
  ])(
    'R8-FL-011 with a client that %s, and closes next to a confirmation that is not for its request',
    (_what, usualMs, outcome) => {
      const given = session('', flush('a'), at(90, confirmed('x')), close('client'));
      const run = [given, session('', flush('a'), at(usualMs, close('client')))];
      expect(outcomes('R8-FL-011', { ...given, run })).toEqual([outcome]);
    },
  );

  it.each<readonly [string, waitedMs: number, outcome: string]>([
    ['a little less than its usual ten seconds', 9300, 'held'],
    ['half of them, which is long after it', 5100, 'held'],
    // It may have read the confirmation only then.
    ['a third of them', 3300, 'unclear'],
  ])(
    'R8-FL-011 with a client that gets a confirmation that is not for its request, and waits %s',
    (_what, waitedMs, outcome) => {
      const given = session('', flush('a'), at(10, confirmed('x')), at(waitedMs, close('client')));
      const run = [given, session('', flush('a'), at(10_000, close('client')))];
      expect(outcomes('R8-FL-011', { ...given, run })).toEqual([outcome]);
    },
  );

  it.each<readonly [string, Facts, readonly string[]]>([
    ['it closes next to it', [flush(), confirmed(null), close('client')], ['unclear']],
    ['it closes after it, having waited', [flush(), at(3000, confirmed(null)), close('client')], ['held']],
    ['it crashes, having waited', [flush(), at(3000, confirmed(null)), close('client', 1011)], ['broken']],
    ['it goes on', [flush(), confirmed(null), audio(20), at(1000, audio(20))], ['held']],
  ])('R8-FL-011 with the id null: %s', (_what, facts, expected) => {
    expect(outcomes('R8-FL-011', session('', ...facts))).toEqual(expected);
  });

  it.each<readonly [string, Facts, readonly string[]]>([
    ['other ids', [flush('a'), flush('b'), flush('c')], ['held', 'held']],
    ['no ids', [flush(), flush()], []],
    ['one after the other', [flush('a'), confirmed('a'), flush('a')], []],
  ])('R8-FL-013: %s', (_what, facts, expected) => {
    expect(outcomes('R8-FL-013', session('', ...facts))).toEqual(expected);
  });
});

it('a conversation of another dialect is not judged', () => {
  const facts = [upgrade(), response(101)].map((fact) =>
    fact.kind === 'request' ? { ...fact, target: '/v2/realtime?sample_rate=no' } : fact,
  );

  expect(outcomes('R8-QRY-002', play(events(facts)))).toEqual([]);
  expect(outcomes('R8-CONN-001', play(events(facts)))).toEqual([]);
});
