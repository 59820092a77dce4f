import { describe, expect, it } from 'vitest';
import { TURNS_INVARIANTS } from '../../../../src/conformance/invariants/reson8-turns/index.ts';
import { TURNS_REQUIREMENTS } from '../../../../src/protocol/reson8-turns/requirements.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
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

const PATH = '/v1/speech-to-text/turns';
type Facts = readonly (TraceFact & { readonly afterMs?: number })[];

const FLUSH = said({ type: 'flush_request' });
const START = heard({ type: 'turn_start' });
const END = heard({ type: 'turn_end' });
const LEAVES: Facts = [close('client'), { kind: 'end', by: 'client', how: 'close', code: 1000 }];

/** A connection for turns with this query; the first fact is event 2. */
const session = (query: string, ...facts: Facts): Play =>
  play(events([request(query === '' ? PATH : `${PATH}?${query}`), response(101), ...facts]));

interface Case {
  readonly id: string;
  readonly held: readonly Play[];
  readonly broken: readonly (readonly [Play, string])[];
  readonly silent: Play;
}

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
    ],
    silent: play(events([START])),
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
      // It gives up on an end that never comes.
      session('', audio(900), START, FLUSH, at(10_000, close('client')), LEAVES[1] as TraceFact),
    ],
    broken: [[session('', audio(900), START, FLUSH, ...LEAVES), 'it waited 10 ms']],
    // Nothing was buffered, or the turn was over: no answer is sure to come.
    silent: session('', audio(900), START, END, FLUSH, ...LEAVES),
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

  it.each(broken)('is broken %#', (given, actual) => {
    const [first] = judge(id, given).filter(({ outcome }) => outcome === 'broken');
    expect(first?.actual).toContain(actual);
    expect(first?.expected).not.toBe('');
  });

  it('says nothing without its witness', () => {
    expect(judge(id, silent)).toEqual([]);
  });
});

it('a parameter that is gone, and a wait that is short, are doubtful', () => {
  expect(outcomes('R8-TURN-026', session('patience=1'))).toEqual(['doubtful']);
  const hasty = session('', audio(900), START, FLUSH, at(2000, close('client')), LEAVES[1] as TraceFact);
  expect(outcomes('R8-TURN-023', hasty)).toEqual(['doubtful']);
});

it('there is a case for each requirement', () => {
  const ids = TURNS_REQUIREMENTS.map(({ id }) => id);
  expect(CASES.map(({ id }) => id)).toEqual(ids);
  expect(TURNS_INVARIANTS.map(({ id }) => id).sort()).toEqual([...ids].sort());
});

it('nothing is said of the realtime socket', () => {
  const realtime = play(
    events([request('/v1/speech-to-text/realtime?include_interim=1'), response(101), said('x')]),
  );
  for (const { id } of TURNS_INVARIANTS) expect(judge(id, realtime)).toEqual([]);
});
