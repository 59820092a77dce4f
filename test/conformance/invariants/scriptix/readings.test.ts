import { describe, expect, it } from 'vitest';
import { SCRIPTIX_INVARIANTS } from '../../../../src/conformance/invariants/scriptix/scriptix.ts';
import { AMBIGUITIES, QUESTIONS } from '../../../../src/protocol/ambiguities.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import { SAMPLES } from '../../../protocol/kinds.ts';
import {
  at,
  audio,
  close,
  context,
  events,
  heard,
  judge,
  outcomes,
  play,
  request,
  response,
  said,
} from '../../play.ts';
import {
  asked,
  BEGUN,
  end,
  final,
  LISTENING,
  mic,
  of,
  partial,
  REFUSED,
  report,
  STARTED,
  stream,
  TOLD,
} from './cases/case.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';

const readings = (id: string, play: Play) => [
  ...new Set(judge(id, play).flatMap(({ reading }) => reading ?? [])),
];
/** The broken and doubtful occasions of all invariants. */
const complaints = (play: Play) =>
  SCRIPTIX_INVARIANTS.flatMap(({ id, judge: its }) =>
    [...its(play)].flatMap(({ outcome }) => (outcome === 'broken' || outcome === 'doubtful' ? id : [])),
  );

describe('readings of the documents', () => {
  const VALID = { credential: 'valid' } as const;
  const untyped = '/v2/realtime?token=redacted-1&language=en';

  it.each<[string, string, Play, string]>([
    [
      'SX-CONN-016',
      'a server that accepts a missing type',
      asked(untyped, VALID, ...BEGUN),
      AMBIGUITIES.A1.readings.optional,
    ],
    [
      'SX-CONN-016',
      'a server that refuses a missing type',
      asked(untyped, VALID, response(400)),
      AMBIGUITIES.A1.readings.required,
    ],
    [
      'SX-CONN-015',
      'a client that leaves out the type',
      of(request(untyped)),
      AMBIGUITIES.A1.readings.optional,
    ],
    ['SX-STATE-002', 'a third state', mic(heard({ state: 'connected' })), AMBIGUITIES.A3.readings.more],
    ['SX-STATE-002', 'the state after stop', mic(heard({ state: 'stopped' })), AMBIGUITIES.A3.readings.more],
    [
      'SX-PART-009',
      'one offset',
      mic(partial('hi', 100), partial('hi how', 100)),
      AMBIGUITIES.A4.readings.start,
    ],
    [
      'SX-PART-009',
      'an offset that advances',
      mic(partial('hi', 100), partial('hi how', 300)),
      AMBIGUITIES.A4.readings.advances,
    ],
    [
      'SX-FIN-013',
      'a final with the offset of its partials',
      mic(partial('hi'), final('hi')),
      AMBIGUITIES.A4.readings.start,
    ],
    [
      'SX-FIN-013',
      'a final with a later offset',
      mic(partial('hi', 1500), final('hi', 2500)),
      AMBIGUITIES.A4.readings.advances,
    ],
    ['SX-PART-011', 'a word that changes', mic(partial('hi'), partial('high')), ''],
    [
      'SX-PART-011',
      'a word that becomes another word',
      mic(partial('hi who'), partial('hi how are')),
      AMBIGUITIES.A5.readings.change,
    ],
    [
      'SX-FIN-010',
      'words with spaces',
      mic(partial('hi how'), final('hi how')),
      AMBIGUITIES.A6.readings.spaces,
    ],
    ['SX-MIC-006', 'stop', mic(said({ action: 'stop' })), AMBIGUITIES.A10.readings.stop],
    [
      'SX-CONN-010',
      'a missing token, refused over HTTP',
      asked('/v2/realtime', { credential: 'missing' }, ...REFUSED),
      'A11 (microphone): a bad token is refused in HTTP',
    ],
    [
      'SX-CONN-011',
      'a bad token, refused by a message',
      asked('/v2/client/x?url=http://x/', { credential: 'invalid' }, ...TOLD),
      'A11 (stream): a bad token is refused with an error message',
    ],
    [
      'SX-CONN-011',
      'a bad token, refused by an end without a message',
      asked('/v2/realtime?token=x', { credential: 'invalid' }, response(101), close('server', 1008)),
      'A11 (microphone): a bad token is refused with a close',
    ],
    [
      'SX-CONN-004',
      'one token in two forms',
      of(request('/v2/realtime?token=redacted-1', { 'X-API-Key': 'redacted-1' })),
      AMBIGUITIES.A19.readings.twice,
    ],
    [
      'SX-CONN-012',
      'a locale',
      of(request('/v2/realtime?token=redacted-1&language=nl-pol')),
      AMBIGUITIES.A21.readings.locale,
    ],
  ])('are named by %s for %s', (id, _what, play, reading) => {
    expect(outcomes(id, play)).not.toContain('broken');
    expect(readings(id, play)).toEqual(reading === '' ? [] : [reading]);
  });

  it('belong to the same question if they begin with the same ambiguity', () => {
    for (const { readings } of QUESTIONS) {
      for (const reading of Object.values(readings))
        expect(reading).toMatch(/^A\d+(?: \([a-z ]+\))?: [a-z]/i);
    }
  });

  it('allow words in any case and with any punctuation', () => {
    const words = [
      ['Hi', 0, 200, 1],
      ['how', 200, 400, 1],
      ['ARE', 400, 600, 1],
    ];
    const play = mic(partial('hi'), heard({ text: 'Hi, how – are?', is_final: true, offset_ms: 100, words }));

    expect(judge('SX-FIN-010', play)).toMatchObject([
      { outcome: 'held', reading: AMBIGUITIES.A6.readings.bare },
    ]);
  });

  it.each([
    ['a time of day', 'at 9 30 in room 5', ['at', 'nine', 'thirty', 'in', 'room', 'five']],
    ['a percentage', 'it costs 25% more', ['it', 'costs', 'twenty', 'five', 'percent', 'more']],
    ['a number of two words', 'twenty one', ['21']],
  ])('allow numbers to be written in two ways: %s', (_what, text, words) => {
    const timed = words.map((word, i) => [word, i * 200, i * 200 + 200, 1]);
    const play = mic(partial('at'), heard({ text, is_final: true, offset_ms: 100, words: timed }));
    expect(judge('SX-FIN-010', play)).toEqual([]);
  });

  it.each([
    ['after a number', 'at 9 30 sharp', ['at', 'nine', 'thirty', 'blunt']],
    ['a number', 'room 5', ['room', '6']],
    ['in the middle', 'the cat sat', ['the', 'dog', 'sat']],
  ])('do not allow other words: %s', (_what, text, words) => {
    const timed = words.map((word, i) => [word, i * 200, i * 200 + 200, 1]);
    const play = mic(partial('at'), heard({ text, is_final: true, offset_ms: 100, words: timed }));
    expect(outcomes('SX-FIN-010', play)).toEqual(['broken']);
  });
});

describe('the offset of a segment (A4)', () => {
  const advancing = [
    ...[partial('hi', 400), partial('hi how', 700), partial('hi how are', 1000), final('hi how are', 1100)],
    ...[partial('I', 2900), partial('I am', 3200), final('I am', 3300)],
  ];

  it('may advance throughout', () => {
    const play = mic(...advancing);

    expect(complaints(play)).toEqual([]);
    expect(readings('SX-PART-009', play)).toEqual([AMBIGUITIES.A4.readings.advances]);
    expect(readings('SX-FIN-013', play)).toEqual([AMBIGUITIES.A4.readings.advances]);
  });

  it('follows one reading when it advances and another when it does not, so a mixture can be noticed', () => {
    const start = ['we', 'we are', 'we are here'].map((text) => partial(text, 5000));
    expect(readings('SX-PART-009', mic(...advancing, ...start))).toEqual([
      AMBIGUITIES.A4.readings.advances,
      AMBIGUITIES.A4.readings.start,
    ]);
  });

  it('may continue where the final of a segment ended, if it advances', () => {
    const play = mic(partial('hi', 400), partial('hi how', 700), final('hi how', 900), partial('are', 900));
    expect(complaints(play)).toEqual([]);
  });

  it('belongs to the next segment when it is larger and other words begin, even without a final in between', () => {
    const play = mic(
      ...[partial('hi', 100), partial('hi how', 100), partial('are', 2500), partial('are you', 2500)],
    );

    expect(complaints(play)).toEqual([]);
    expect(readings('SX-PART-009', play)).toEqual([AMBIGUITIES.A4.readings.start]);
  });

  it('follows no reading in a partial that is repeated unchanged', () => {
    const play = mic(partial('hi', 100), partial('hi', 100));
    expect(complaints(play)).toEqual([]);
    expect(readings('SX-PART-009', play)).toEqual([]);
  });

  it('shows to which of two segments a late final belongs', () => {
    const play = mic(partial('hi', 100), partial('are', 2500), final('hi', 100), partial('are you', 2500));
    expect(complaints(play)).toEqual([]);
    expect(judge('SX-FIN-013', play)).toMatchObject([{ outcome: 'held', events: [6, 8] }]);
  });
});

describe('the base of word times (A7)', () => {
  const two = (first: number, second: number) =>
    of(
      ...[...STARTED, audio(1700), partial('hi how', 1000), final('hi how', 1000, {}, first)],
      ...[audio(1800), partial('are', 3000), final('are', 3000, {}, second)],
    );

  /*
   * A service whose segments begin where the one before ended has words that begin long after their offset. The base was
   * guessed from what the first word was nearer to, so segments that began 600 ms or 2 s before their words were
   * "absolute", and the session got a warning for changing its base.
   */
  it.each([600, 2000])('is not guessed where a segment begins %i ms before its words', (leadMs) => {
    const play = of(
      ...[...STARTED, audio(leadMs + 1900), partial('hi how', 1000), final('hi how', 1000, {}, leadMs)],
      ...[audio(4000), partial('are', leadMs + 3000), final('are', leadMs + 3000, {}, 0)],
    );

    expect(complaints(play)).toEqual([]);
    expect(outcomes('SX-FIN-011', play)).not.toContain('doubtful');
  });

  it.each([
    ['relative', two(0, 0), AMBIGUITIES.A7.readings.relative],
    ['absolute', two(1000, 3000), AMBIGUITIES.A7.readings.absolute],
  ])('may be %s', (_base, play, reading) => {
    expect(complaints(play)).toEqual([]);
    expect(judge('SX-FIN-011', play)).toMatchObject([{ outcome: 'held', reading }]);
  });

  it('is doubtful when it changes', () => {
    expect(judge('SX-FIN-011', two(1000, 0))).toMatchObject([{ outcome: 'doubtful', events: [7, 10] }]);
  });

  it('allows segments to touch on either base, and shows where they overlap', () => {
    const overlapping = mic(
      ...[partial('hi how', 1000), final('hi how', 1000, {}, 1000)],
      ...[partial('are', 1300), final('are', 1300, {}, 1300)],
    );

    expect(outcomes('SX-FIN-023', overlapping)).toEqual(['broken']);
    expect(outcomes('SX-FIN-023', two(1000, 3000))).toEqual(['held']);
  });
});

describe('an unknown fact', () => {
  it('decides nothing: the length of the audio (A24)', () => {
    const play = of(...STARTED.slice(0, 4), audio(100), partial('hi', 90_000), final('hi', 90_000));
    for (const id of ['SX-PART-007', 'SX-PART-014', 'SX-FIN-012', 'SX-FIN-018']) {
      expect(judge(id, play)).toEqual([]);
    }
  });

  it('decides nothing: dropped events', () => {
    const dropped = { kind: 'note', message: 'gone', dropped: 7 } as const;
    const play = of(
      request('/v2/realtime?token=redacted-1&type=fast'),
      response(101),
      dropped,
      partial('hi', 9000),
    );

    expect(complaints(play)).toEqual([]);
    expect(
      complaints(of(request('/v2/realtime?token=redacted-1&type=fast'), response(101), partial('hi'))),
    ).toEqual(['SX-MIC-007']);
  });

  it('decides nothing: the message in raw bytes of the server', () => {
    const bytes = { kind: 'bytes', from: 'server', base64: 'gQA=' } as const;
    const told = report({ event: 'final', text: 'how' });
    const ended = [report({ event: 'display', text: 'hi' }), end('server', 'fin')];

    expect(judge('SX-PART-008', mic(bytes, final('hi')))).toEqual([]);
    expect(judge('SX-ERR-006', mic(bytes, ...ended))).toEqual([]);
    expect(outcomes('SX-ERR-006', mic(...ended))).toEqual(['broken']);
    expect(outcomes('SX-FIN-021', mic(bytes, partial('hi'), final('hi'), told))).toEqual([]);
    expect(outcomes('SX-FIN-021', mic(partial('hi'), final('hi'), told))).toEqual(['broken']);

    const fallen = [partial('hi'), final('hi'), bytes, end('client', 'fin')];
    expect(outcomes('SX-FIN-020', mic(...fallen))).toEqual([]);
  });

  it('decides nothing: the end of a connection, while it is too early for it', () => {
    expect(complaints(of(...STARTED.slice(0, 3), at(14_000, audio(100))))).toEqual([]);
    expect(complaints(of(...STARTED.slice(0, 3), at(15_000, audio(100))))).toEqual(['SX-STATE-006']);
  });

  it('decides nothing: whether a token is good', () => {
    expect(complaints(of(request('/v2/realtime?token=redacted-1&type=fast'), ...REFUSED))).toEqual([]);
  });

  // If a server sent nothing else, the report said only that it refused "the token in query token" with HTTP 400.
  it('leaves a requirement unclear: whether another parameter is the reason for a refusal', () => {
    const wrong = '/v2/realtime?token=redacted-1&language=en&type=turbo';
    const [refusal] = judge('SX-CONN-005', asked(wrong, { credential: 'valid' }, response(400)));

    expect(refusal).toMatchObject({
      outcome: 'unclear',
      actual: 'refused with HTTP 400, possibly for another parameter',
    });
  });

  it('leaves a requirement unclear: what the service would do if it were not out of order', () => {
    const query = '/v2/realtime?token=redacted-1&language=en&type=fast';

    expect(outcomes('SX-CONN-005', asked(query, { credential: 'valid' }, response(503)))).toEqual([
      'unclear',
    ]);
    expect(outcomes('SX-CONN-010', asked('/v2/realtime', { credential: 'missing' }, response(503)))).toEqual([
      'unclear',
    ]);
    expect(
      outcomes(
        'SX-STR-007',
        asked('/v2/client/x?url=http://x/', { credential: 'valid', source: 'mp3' }, response(500)),
      ),
    ).toEqual(['unclear']);
  });
});

describe('a server may', () => {
  it('show nothing to clients that it does not know', () => {
    const play = asked('/v2/realtime', { credential: 'invalid' }, response(404));
    expect(outcomes('SX-CONN-002', play)).toEqual([]);
  });

  it('report over HTTP that there is nothing behind the URL of a stream', () => {
    const play = asked(
      '/v2/client/x?url=http://x/',
      { credential: 'valid', source: 'missing' },
      response(404),
    );
    expect(outcomes('SX-CONN-003', play)).toEqual([]);
  });

  it('refuse a stream without a type, whatever its source (A1)', () => {
    const play = asked('/v2/client/x?url=http://x/', { credential: 'valid', source: 'mp3' }, response(400));
    expect(outcomes('SX-STR-007', play)).toEqual([]);
  });

  it('repeat listening as a keep-alive, if that deviation is accepted', () => {
    const play = mic(partial('hi'), heard({ state: 'listening' }));
    expect(judge('SX-STATE-005', play)).toMatchObject([{ deviation: 'scriptix-listening-pulse' }]);
  });

  it.each([
    ['an error message', mic(heard({ error: 'no' }), close('server', 1011))],
    ['a mistake of the client', mic(close('server', 1009))],
    [
      'a fault of the client',
      mic({ kind: 'fault', from: 'client', message: 'bad opcode' }, close('server', 1011)),
    ],
    [
      'no session at all',
      of(
        request('/v2/realtime?type=fast'),
        context({ credential: 'missing' }),
        response(101),
        close('server', 1008),
      ),
    ],
  ])('end a connection with another code after %s', (_what, play) => {
    expect(judge('SX-ERR-003', play)).toEqual([]);
  });

  it('send no partials to a client that wants none', () => {
    const facts = [response(101), said({ action: 'start', partial: false }), heard({ state: 'listening' })];
    const play = of(request('/v2/realtime?token=redacted-1&type=fast'), ...facts, audio(100), final('hi'));
    expect(judge('SX-PART-008', play)).toEqual([]);
  });
});

describe('a client may', () => {
  it('report an attempt that took too long as another error, which meets half of the requirement', () => {
    const attempt = (kind: string) =>
      of(
        request('/v2/realtime?token=redacted-1&type=fast'),
        at(15_000, end('client', 'fin')),
        report({ event: 'error', kind }),
      );

    expect(outcomes('SX-CONN-018', attempt('timeout'))).toEqual(['held']);
    expect(outcomes('SX-CONN-018', attempt('other'))).toEqual(['doubtful']);
  });

  // On a busy machine the runner read the request late: the client seemed to give up early, and the run of a conforming
  // client was incomplete, because its report of the timeout was not looked at.
  it('seem to give up an attempt a little early, and its report on this is judged all the same', () => {
    const attempt = (ms: number, ...facts: readonly TraceFact[]) =>
      of(
        request('/v2/realtime?token=redacted-1&type=fast'),
        report({ event: 'state', state: 'connecting' }),
        at(ms, end('client', 'fin')),
        ...facts,
      );
    const timeout = report({ event: 'error', kind: 'timeout' });

    expect(outcomes('SX-CONN-018', attempt(12_000, timeout))).toEqual(['held']);
    expect(outcomes('SX-CONN-018', attempt(12_000))).toEqual(['broken']);
    expect(outcomes('SX-CONN-018', attempt(9_000, timeout))).toEqual([]);
    expect(outcomes('SX-CONN-021', attempt(12_000, timeout))).toEqual(['broken']);
  });

  it('keep one or both of a final that is sent twice', () => {
    const bye = [at(2000, close('client')), close('server')];
    const kept = report({ event: 'final', text: 'yes' });
    const twice = [partial('yes'), final('yes'), final('yes')];

    expect(outcomes('SX-FIN-021', mic(...twice, kept, ...bye))).toEqual(['held']);
    expect(outcomes('SX-FIN-021', mic(...twice, kept, kept, ...bye))).toEqual(['held']);
    expect(outcomes('SX-FIN-021', mic(...twice, kept, kept, kept, ...bye))).toEqual(['broken']);
  });

  it('not know about a final that was on its way when the connection broke', () => {
    const other = report({ event: 'final', text: 'yes' });
    const play = mic(partial('yes'), final('yes'), other, final('no', 900), end('server', 'reset'));
    expect(outcomes('SX-FIN-021', play)).toEqual(['held']);
  });

  it('report no finals at all, which decides nothing', () => {
    const bye = [at(2000, close('client')), close('server')];
    const play = mic(partial('yes'), final('yes'), report({ event: 'display', text: 'yes' }), ...bye);
    expect(outcomes('SX-FIN-021', play)).toEqual(['unclear']);
  });

  it('show finals before the latest partial, and show that late', () => {
    const facts = [partial('yes'), final('yes'), partial('yes', 900), partial('yes no', 900)];
    for (const text of ['yes', 'yes yes', 'yes\nyes no', 'Yes no']) {
      expect(outcomes('SX-PART-012', mic(...facts, report({ event: 'display', text })))).toEqual(['held']);
    }
  });

  it('leave after stop in any way, and need not survive a message again that it has survived', () => {
    const stopped = mic(said({ action: 'stop' }), partial('hi'), final('hi'), end('client', 'fin'));
    expect(judge('SX-FIN-020', stopped)).toEqual([]);

    const again = mic(
      ...[partial('hi'), final('hi'), at(6000, audio(100)), final('how', 900), end('client', 'fin')],
    );
    expect(outcomes('SX-FIN-020', again)).toEqual(['held']);
  });

  it('connect again after a drop, which shows that it has noticed', () => {
    const dropped = [...STARTED, report({ event: 'display', text: 'hi' }), end('server', 'reset')];
    const again = STARTED.map((fact, i) => (i === 0 ? at(1000, fact) : fact));

    expect(outcomes('SX-ERR-006', play(events(dropped)))).toEqual(['broken']);
    expect(outcomes('SX-ERR-006', play(events(dropped, again)))).toEqual(['held']);
  });
});

describe("the documents' own sample messages", () => {
  const inOrder = (document: string) =>
    SAMPLES.filter(({ source, what }) => source.startsWith(document) && what !== 'start').map(({ message }) =>
      heard(message),
    );

  it('have no mistakes in S0 but a final whose words are abbreviated', () => {
    const [samples, flow] = [inOrder('S0').slice(0, 2), inOrder('S0').slice(2)];
    expect(complaints(mic(...samples))).toEqual([]);
    expect(complaints(mic(...flow))).toEqual(['SX-FIN-004']);
  });

  it('have no mistakes in S2 but placeholders for words, and states after them', () => {
    const [states, rest] = [inOrder('S2').slice(0, 2), inOrder('S2').slice(2)];
    const play = of(...STARTED.slice(0, 3), ...states, ...STARTED.slice(4), audio(10_000), ...rest);

    expect(complaints(play)).toEqual(['SX-FIN-010']);
    expect(readings('SX-FIN-013', play)).toEqual([AMBIGUITIES.A4.readings.advances]);
  });

  it('are also accepted in stream mode', () => {
    expect(complaints(of(...LISTENING, ...inOrder('S0').slice(0, 2)))).toEqual([]);
    expect(complaints(stream(...inOrder('S0').slice(0, 2)))).toEqual([]);
  });
});
