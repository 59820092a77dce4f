import { at, audio, close, events, play, response, said } from '../../../play.ts';
import { confirmed, end, flush, INTERIM, session, transcript, upgrade, type Case } from './building.ts';

const AUDIO = audio(2000);
const WORDS = transcript('hello there');
const INTERIM_WORDS = transcript('hello', { is_final: false });
const FINAL_WORDS = transcript('hello there', { is_final: true });
const NO_FLUSH = session('', AUDIO, WORDS);
const kept = session('', AUDIO, flush('a'), WORDS, confirmed('a'));

/** Flush requests, of both sides. The audio is event 3, the first request event 4. */
export const FLUSH_CASES: readonly Case[] = [
  {
    id: 'R8-FL-001',
    held: session('', flush(), flush('abc123')),
    broken: session('', flush(7)),
    evidence: [3],
    actual: 'id: 7',
    silent: NO_FLUSH,
  },
  {
    id: 'R8-FL-002',
    held: kept,
    broken: session('', AUDIO, flush('a'), WORDS, at(6000, audio(20))),
    evidence: [4],
    actual: 'none, and the connection went on',
    silent: session('', AUDIO, flush('a'), close('client'), end('client')),
  },
  {
    id: 'R8-FL-003',
    held: kept,
    broken: session('', AUDIO, flush('a'), WORDS, confirmed('A')),
    evidence: [4, 6],
    actual: 'id: "A"',
    silent: session('', AUDIO, flush(), WORDS, confirmed(null)),
  },
  {
    id: 'R8-FL-004',
    held: session('', AUDIO, flush(), WORDS, confirmed(null)),
    broken: session('', AUDIO, flush(), WORDS, confirmed('')),
    evidence: [4, 6],
    actual: 'id: ""',
    silent: kept,
  },
  {
    id: 'R8-FL-005',
    held: session('', flush('a'), flush('b'), confirmed('a'), confirmed('b')),
    broken: session('', flush('a'), flush('b'), confirmed('b'), confirmed('a')),
    evidence: [3, 4, 5, 6],
    actual: 'the other order',
    silent: session('', flush('a'), confirmed('a'), flush('b'), confirmed('b')),
  },
  {
    id: 'R8-FL-006',
    held: kept,
    broken: session('', AUDIO, flush('a'), confirmed('a')),
    evidence: [4, 5],
    actual: 'the confirmation alone',
    silent: session('', flush('a'), confirmed('a')),
  },
  {
    id: 'R8-FL-007',
    held: kept,
    broken: session('', AUDIO, flush('a'), confirmed('a'), WORDS),
    evidence: [4, 5, 6],
    actual: 'the confirmation, then the transcript',
    silent: session('', flush('a'), confirmed('a')),
  },
  {
    id: 'R8-FL-008',
    held: kept,
    broken: session('', AUDIO, WORDS, confirmed(null)),
    evidence: [5],
    actual: 'a confirmation that was not requested',
    silent: play(events([upgrade(), response(401)])),
  },
  {
    id: 'R8-FL-009',
    held: session(INTERIM, AUDIO, flush('a'), FINAL_WORDS, confirmed('a')),
    broken: session(INTERIM, AUDIO, flush('a'), INTERIM_WORDS, confirmed('a')),
    evidence: [4, 5, 6],
    actual: 'is_final: false until the confirmation',
    silent: kept,
  },
  {
    id: 'R8-FL-010',
    held: session('', AUDIO, flush('a'), WORDS, confirmed('a'), AUDIO, transcript('and more')),
    broken: session('', AUDIO, flush('a'), WORDS, confirmed('a'), AUDIO, close('server'), end('server')),
    evidence: [6, 7, 8],
    actual: 'the server ended the connection',
    silent: kept,
  },
  {
    id: 'R8-FL-012',
    held: session('', flush('a'), confirmed('a'), close('client'), end('client')),
    broken: session('', flush('a'), close('client'), end('client')),
    evidence: [3, 4],
    actual: 'it waited 10 ms',
    silent: session('', flush('a'), confirmed('a'), close('server'), end('server')),
  },
  {
    id: 'R8-FL-013',
    held: session('', flush('a'), flush('b'), confirmed('a'), confirmed('b')),
    broken: session('', flush('a'), flush('a'), confirmed('a'), confirmed('a')),
    evidence: [3, 4],
    actual: 'id: "a", twice',
    silent: session('', flush('a'), confirmed('a'), flush('a'), confirmed('a')),
  },
  {
    id: 'R8-FL-011',
    held: session('', flush(), confirmed(null), at(1000, audio(20))),
    broken: {
      ...session('', flush('a'), confirmed('of-another'), close('client'), end('client')),
      // Without any confirmation it waits longer.
      run: [session('', flush('a'), at(5000, close('client')))],
    },
    evidence: [3, 4, 5],
    actual: 'it ended the connection after that of "of-another"',
    also: ['R8-FL-003'],
    silent: session('', flush('a'), confirmed('a'), said({ type: 'flush_request' })),
  },
];
