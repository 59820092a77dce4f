import { describe, expect, it } from 'vitest';
import { TURNS_INVARIANTS } from '../../../../src/conformance/invariants/reson8-turns/reson8-turns.ts';
import { TURNS_REQUIREMENTS } from '../../../../src/protocol/reson8-turns/requirements/requirements.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import {
  at,
  audio,
  close,
  context,
  events,
  judge,
  outcomes,
  play,
  request,
  response,
  said,
  SILENCE,
} from '../../play.ts';
import { OF_SERVERS } from './cases/server.ts';
import {
  ERROR,
  attempt,
  candidate,
  END,
  FLUSH,
  GOES_ON,
  LEAVES,
  PATH,
  session,
  spoken,
  START,
  TURN,
  type Case,
  type Facts,
} from './cases/session.ts';

const report = (about: Record<string, unknown>): TraceFact => ({ kind: 'report', report: about });
const display = (text: string): TraceFact => report({ event: 'display', text });
const final = (text: string): TraceFact => report({ event: 'final', text });
const error = (message: string): TraceFact => report({ event: 'error', kind: 'server', message });
/** A client that is still there after this time, and reports it. */
const staysFor = (ms: number): Facts => [at(ms, audio(100)), audio(100)];
/** The client is killed because it has not ended. */
const killedAfter = (ms: number): Facts => [
  at(ms, context({ client: 'timeout' })),
  { kind: 'end', by: 'client', how: 'fin', code: 1006 },
];
/** An attempt to connect that is refused. */
const refused = (status: number, ...facts: Facts): Facts => [
  request(PATH, { authorization: 'ApiKey redacted-1' }),
  response(status),
  { kind: 'end', by: 'server', how: 'fin', code: 1006 },
  ...facts,
];

const CASES: readonly Case[] = [
  {
    id: 'R8-TURN-001',
    held: [session(''), play(events([request(`/behind/a/proxy${PATH}`), response(101)]))],
    broken: [
      [
        play(
          events([context({ dialect: 'reson8-turns' }), request('/v1/speech-to-text/turn'), response(404)]),
        ),
        'turn"',
      ],
      [play(events([request(`/${PATH}`), response(404)])), '//v1'],
      [attempt('valid', 404), 'HTTP 404'],
    ],
    silent: play(events([START])),
  },
  ...OF_SERVERS,
  {
    id: 'R8-TURN-020',
    held: [
      session(
        '',
        START,
        candidate('one'),
        display('one'),
        candidate('one two'),
        display('one two'),
        END,
        final('one two'),
      ),
      // The client keeps the text of a turn as soon as it may be complete.
      session('', START, candidate('one'), final('one'), END),
      // Every turn counts, even with the same words.
      session(
        '',
        START,
        candidate('Yes'),
        END,
        START,
        candidate('yes'),
        END,
        final('yes'),
        final('yes'),
        ...staysFor(2000),
      ),
      // What was said in a turn without an end may be kept.
      session(
        '',
        START,
        candidate('one'),
        display('one'),
        { kind: 'end', by: 'server', how: 'fin', code: 1006 },
        final('one'),
      ),
      // Words before a candidate without words may or may not count.
      session('', START, candidate('one'), display('one'), candidate(''), END, ...staysFor(2000)),
    ],
    broken: [
      [
        session('', START, candidate('one'), display('one'), candidate('one two'), display('one one two')),
        'with what came in its place',
      ],
      [
        session('', START, candidate('one'), candidate('one two'), END, final('one'), final('one two')),
        'one more: "one"',
      ],
      [
        session('', START, candidate('one'), final('one'), candidate('one two'), END, final('one two')),
        'one more: "one"',
      ],
      [session('', START, candidate('one'), END, final('one'), final('one')), 'one more: "one"'],
      [
        session(
          '',
          START,
          candidate('yes'),
          END,
          START,
          candidate('yes'),
          END,
          final('yes'),
          ...staysFor(2000),
        ),
        'no report of it',
      ],
    ],
    silent: session('', START, candidate('one'), END),
  },
  {
    id: 'R8-TURN-021',
    held: [
      session('', audio(100), START, candidate(''), ...staysFor(1500)),
      session('', audio(100), START, candidate('one'), candidate('one'), ...staysFor(1500)),
      session('', audio(100), START, candidate('one'), GOES_ON, candidate('one'), ...staysFor(1500)),
      session('', audio(100), START, candidate('one'), candidate('one two'), ...staysFor(1500)),
    ],
    broken: [
      [session('', audio(100), START, candidate(''), error('no words')), 'it failed: an error'],
      [
        session('', audio(100), START, candidate('one'), GOES_ON, candidate('one'), {
          kind: 'end',
          by: 'client',
          how: 'reset',
          code: 1006,
        }),
        'it failed',
      ],
    ],
    silent: session('', audio(100), START, candidate('one'), GOES_ON, candidate('one two'), END, error('no')),
  },
  {
    id: 'R8-TURN-022',
    held: [session('', audio(100), FLUSH), session('', said({ type: 'flush_request', id: null }))],
    broken: [
      [session('', said({ type: 'flush_request', id: 'a' })), 'id: "a"'],
      [session('', said({ audio: 'UklGRg==' })), 'a text message'],
      [session('', said('hello')), 'a text message'],
    ],
    silent: session('', START),
  },
  {
    id: 'R8-TURN-023',
    held: [
      session('', audio(900), START, FLUSH, END, ...LEAVES),
      // The client stops waiting for an end that never comes.
      session('', audio(900), START, FLUSH, at(10_000, close('client')), LEAVES[1] as TraceFact),
    ],
    broken: [[session('', audio(900), START, at(1000, FLUSH), ...LEAVES), 'it waited 10 ms']],
    // Nothing was buffered, or the turn was over: an answer need not come.
    silent: session('', audio(900), START, END, FLUSH, ...LEAVES),
  },
  {
    id: 'R8-TURN-024',
    held: [
      session('', audio(900), FLUSH, at(10_000, close('client')), LEAVES[1] as TraceFact),
      session('', audio(900), START, END, FLUSH, ...LEAVES),
      session('', audio(900), FLUSH, at(20_000, audio(100)), ...killedAfter(20_000)),
    ],
    broken: [[session('', audio(900), FLUSH, ...killedAfter(25_000)), 'still waiting after 25']],
    // There is something to wait for, or an answer has come.
    silent: session('', audio(900), START, FLUSH, ...killedAfter(25_000)),
  },
  {
    id: 'R8-TURN-025',
    held: [
      play(events(refused(402, error('HTTP 402: no credits')))),
      play(
        events(refused(401, error('refused (401)')), [
          at(500, request(PATH, { authorization: 'Bearer redacted-2' })),
          response(101),
        ]),
      ),
      play(events(refused(503, error('HTTP 503')), [at(500, request(PATH)), response(101)])),
    ],
    broken: [
      [
        play(
          events(refused(400, error('HTTP 400')), [
            at(500, request(PATH, { authorization: 'ApiKey redacted-1' })),
            response(400),
          ]),
        ),
        'the same request again',
      ],
      [play(events([context({ reports: true }), ...refused(503)])), 'no report'],
      [play(events(refused(402, report({ event: 'closed', code: 1000 })))), 'no report'],
    ],
    silent: play(events(refused(402))),
  },
  {
    id: 'R8-TURN-026',
    held: [
      session('encoding=mulaw&sample_rate=8000&channels=2&language=nl,en&include_words=true'),
      session('eager_turn_probability=0.9&final_turn_probability=0.9&scenario=happy-path'),
    ],
    broken: [
      [session('eager_turn_probability=0.95'), 'eager_turn_probability="0.95"'],
      [session('eager_turn_probability=1.5&final_turn_probability=2'), 'final_turn_probability="2"'],
      [session('include_words=1'), 'include_words="1"'],
      [session('encoding=mp3'), 'encoding="mp3"'],
      [session('channels=0'), 'channels="0"'],
      [session('encoding=auto&encoding=auto'), 'encoding="auto"'],
      [session('include_interim=true'), '"include_interim"'],
    ],
    silent: session(''),
  },
];

describe.each(CASES)('$id', ({ id, held, broken, silent }) => {
  it('is kept', () => {
    for (const kept of held) expect(new Set(outcomes(id, kept))).toEqual(new Set(['held']));
  });

  it.each(broken)('is broken in example %$', (given, actual) => {
    const [first] = judge(id, given).filter(({ outcome }) => outcome === 'broken');
    expect(first?.actual).toContain(actual);
    expect(first?.expected).not.toBe('');
  });

  it('is not exercised without its witness', () => {
    expect(judge(id, silent)).toEqual([]);
  });
});

it('a removed parameter and a short wait are doubtful', () => {
  expect(outcomes('R8-TURN-026', session('patience=1'))).toEqual(['doubtful']);
  const hasty = session(
    '',
    audio(900),
    START,
    at(1000, FLUSH),
    at(2000, close('client')),
    LEAVES[1] as TraceFact,
  );
  expect(outcomes('R8-TURN-023', hasty)).toEqual(['doubtful']);
});

it('messages that may have crossed on the way are not a fault of either side', () => {
  // The client may have flushed before it knew of the turn.
  expect(outcomes('R8-TURN-023', session('', audio(900), START, FLUSH, ...LEAVES))).toEqual(['unclear']);
  // The server may have left before it read the flush, or the speech after a long silence.
  expect(outcomes('R8-TURN-015', session('', ...spoken(2000), FLUSH, close('server')))).toEqual(['unclear']);
  expect(outcomes('R8-TURN-018', session('', FLUSH, close('server', 1011)))).toEqual(['unclear']);
  const silent = [FLUSH, SILENCE, audio(6000), ...spoken(100), close('server')];
  expect(outcomes('R8-TURN-018', session('', ...silent))).toEqual([]);
  const spokenTo = [...spoken(2000), ...TURN, at(9000, audio(2000)), close('server')];
  expect(outcomes('R8-TURN-018', session('', ...spokenTo))).toEqual([]);
});

it('a client that flushes each time just as a turn begins may not have known of any of them', () => {
  const leaving = (nth: number, ...facts: Facts) =>
    events([request(PATH), response(101), audio(900), START, ...facts]).map((each) => ({
      ...each,
      session: `s${nth}`,
    }));
  // The same recording and the same timer bring the two together in each session.
  const crossing = [FLUSH, ...LEAVES];

  expect(outcomes('R8-TURN-023', play([...leaving(1, ...crossing), ...leaving(2, ...crossing)]))).toEqual([
    'unclear',
    'unclear',
  ]);

  const hasty = [at(2000, FLUSH), ...LEAVES];
  const patient = [at(2000, FLUSH), END, ...LEAVES];

  expect(outcomes('R8-TURN-023', play([...leaving(1, ...hasty), ...leaving(2, ...patient)]))).toEqual([
    'broken',
    'held',
  ]);
});

it('a client that leaves because of an error need not wait for the end of its turn', () => {
  const failed = session('', audio(900), START, at(2000, FLUSH), ERROR, ...LEAVES);
  expect(outcomes('R8-TURN-023', failed)).toEqual([]);
});

// The last audio was 30 s ago: a server that counts audio only has waited for it long enough.
it('a server may leave when no audio has come for a long time, whatever comes last', () => {
  const idle = session('', ...spoken(2000), ...TURN, at(30_000, FLUSH), at(1500, close('server')));
  expect(outcomes('R8-TURN-018', idle)).toEqual([]);
});

it('a server that ends each connection next to a flush, and never goes on after one, ends them because of flushes', () => {
  const crash = (nth: number, ...facts: Facts) =>
    events([request(PATH), response(101), ...facts, close('server')]).map((each) => ({
      ...each,
      session: `s${nth}`,
    }));
  const silent = play([...crash(1, FLUSH), ...crash(2, FLUSH)]);
  expect(outcomes('R8-TURN-018', silent)).toEqual(['broken', 'broken']);
  const speaking = play([...crash(1, ...spoken(2000), FLUSH), ...crash(2, ...spoken(2000), FLUSH)]);
  expect(outcomes('R8-TURN-015', speaking)).toEqual(['broken', 'broken']);
});

it('a refusal that is reported without its status meets half of the requirement', () => {
  expect(outcomes('R8-TURN-025', play(events(refused(402, error('no credits')))))).toEqual(['doubtful']);
  const gone = report({ event: 'closed', code: 1006 });
  expect(outcomes('R8-TURN-025', play(events(refused(500, gone, error('1500 ms')))))).toEqual(['doubtful']);
});

it('a client that was not killed may be quiet after its flush', () => {
  const quiet = session('', audio(900), FLUSH, at(25_000, { kind: 'note', message: 'the trace ends' }));
  expect(outcomes('R8-TURN-024', quiet)).toEqual(['unclear']);

  const brief = session('', audio(900), FLUSH, ...killedAfter(5000));
  expect(outcomes('R8-TURN-024', brief)).toEqual([]);
});

// A server that ends a silent session may do so when a flush is on its way.
it('a server may end a session that was silent for a long time, whatever comes last', () => {
  const silent = session('', SILENCE, audio(9000), FLUSH, close('server'));
  expect(outcomes('R8-TURN-018', silent)).toEqual([]);
});

it('there is a case for each requirement', () => {
  const ids = TURNS_REQUIREMENTS.map(({ id }) => id);

  // R8-TURN-019 compares sessions.
  expect(CASES.map(({ id }) => id)).toEqual(ids.filter((id) => id !== 'R8-TURN-019'));
  expect(TURNS_INVARIANTS.map(({ id }) => id).sort()).toEqual([...ids].sort());
});

it('the realtime socket is not judged', () => {
  const realtime = play(
    events([request('/v1/speech-to-text/realtime?include_interim=1'), response(101), said('x')]),
  );
  for (const { id } of TURNS_INVARIANTS) expect(judge(id, realtime)).toEqual([]);
});
