import { at, audio, close, heard, request, response, said } from '../../../play.ts';
import { asked, final, LISTENING, mic, of, partial, STREAM_URL, stream, TOLD, type Case } from './case.ts';

const url = (value: string) => `/v2/client/redacted-1?url=${value}&language=en&type=fast`;
const WITHOUT = '/v2/client/redacted-1?language=en&type=fast';
const PLAIN = url('http://x/a.mp3');
const result = [response(101), heard({ state: 'listening' }), partial('hi')];

const source = (id: string, kind: 'mp3' | 'hls' | 'blob'): Case => ({
  id,
  held: asked(PLAIN, { credential: 'valid', source: kind }, ...result),
  broken: [
    { play: asked(PLAIN, { credential: 'valid', source: kind }, ...TOLD), evidence: [0, 3] },
    { play: asked(PLAIN, { credential: 'valid', source: kind }, response(400)), evidence: [0, 2] },
    {
      play: asked(
        PLAIN,
        { credential: 'valid', source: kind },
        response(101),
        at(15_000, close('client', 1000)),
      ),
      evidence: [0, 3],
      also: ['SX-STATE-006', 'SX-STR-013'],
    },
  ],
  silent: asked(PLAIN, { credential: 'valid', source: 'missing' }, ...TOLD),
});

const trouble = (id: string, kind: 'missing' | 'text' | 'forbidden'): Case => ({
  id,
  held: asked(PLAIN, { credential: 'valid', source: kind }, ...TOLD),
  broken: [
    { play: asked(PLAIN, { credential: 'valid', source: kind }, ...result), evidence: [0, 4] },
    {
      play: asked(PLAIN, { credential: 'valid', source: kind }, response(101), close('server', 1000)),
      evidence: [0, 3],
    },
    {
      play: asked(PLAIN, { credential: 'valid', source: kind }, response(422)),
      evidence: [0, 2],
      outcome: 'doubtful',
    },
  ],
  silent: stream(partial('hi')),
});

export const ON_STREAM: readonly Case[] = [
  {
    id: 'SX-STR-001',
    held: stream(),
    broken: [
      { play: of(request(WITHOUT)), evidence: [0] },
      { play: of(request(url(''))), evidence: [0] },
    ],
    silent: mic(),
  },
  {
    id: 'SX-STR-002',
    held: asked(WITHOUT, { credential: 'valid' }, ...TOLD),
    broken: [
      { play: asked(WITHOUT, { credential: 'valid' }, ...result), evidence: [0, 4], also: ['SX-STR-001'] },
      {
        play: asked(WITHOUT, { credential: 'valid' }, response(101), close('server', 1000)),
        evidence: [0, 3],
        also: ['SX-STR-001'],
      },
      {
        play: asked(WITHOUT, { credential: 'valid' }, response(101), at(16_000, close('client', 1000))),
        evidence: [0, 3],
        also: ['SX-STATE-006', 'SX-STR-001'],
      },
    ],
    silent: stream(),
  },
  {
    id: 'SX-STR-003',
    held: stream(),
    broken: [{ play: of(request(`${STREAM_URL}&token=redacted-1`)), evidence: [0] }],
    silent: mic(),
  },
  {
    id: 'SX-STR-004',
    held: stream(),
    broken: [{ play: of(request(`${url('http://x/a.mp3?sv=2020')}&sig=redacted-2`)), evidence: [0] }],
    silent: of(request(PLAIN)),
  },
  {
    id: 'SX-STR-005',
    held: stream(),
    broken: [{ play: stream(audio(100)), evidence: [4] }],
    silent: of(request(STREAM_URL)),
  },
  {
    id: 'SX-STR-006',
    held: stream(),
    broken: [{ play: stream(said({ action: 'start' })), evidence: [4] }],
    silent: mic(),
  },
  source('SX-STR-007', 'mp3'),
  source('SX-STR-008', 'hls'),
  source('SX-STR-009', 'blob'),
  trouble('SX-STR-010', 'missing'),
  trouble('SX-STR-011', 'text'),
  trouble('SX-STR-012', 'forbidden'),
  {
    id: 'SX-STR-013',
    held: stream(),
    broken: [
      {
        play: of(
          ...LISTENING.slice(0, 3),
          at(15_200, said({ action: 'start' })),
          heard({ state: 'listening' }),
        ),
        evidence: [2, 3],
        also: ['SX-STATE-006', 'SX-STR-006'],
      },
    ],
    silent: of(...LISTENING.slice(0, 3), said({ action: 'start' }), heard({ state: 'listening' })),
  },
  {
    id: 'SX-STR-014',
    held: stream(partial('hi')),
    broken: [
      { play: of(...LISTENING.slice(0, 3), partial('hi'), final('hi')), evidence: [3] },
      {
        play: of(...LISTENING.slice(0, 3), partial('hi'), heard({ state: 'listening' })),
        evidence: [3, 4],
        also: ['SX-STATE-005'],
      },
    ],
    silent: mic(partial('hi')),
  },
];
