import { at, audio, close, heard, request, response, said } from '../../../play.ts';
import {
  asked,
  BEGUN,
  end,
  mic,
  MICROPHONE_URL,
  of,
  OPENED,
  REFUSED,
  report,
  stream,
  STREAM_URL,
  TOLD,
  type Case,
} from './case.ts';

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11)', origin: 'https://example.test' };
const VALID = { credential: 'valid' } as const;
const bare = '/v2/realtime?language=en&type=fast';
const byHeader = (name: string) => ({ [name]: 'redacted-1' });
const withHeader = (name: string) => of(request(bare, byHeader(name)), ...BEGUN);
const refusedHeader = (name: string) =>
  of(request(bare, byHeader(name)), { kind: 'context', about: VALID }, ...REFUSED);

export const CONNECTING: readonly Case[] = [
  {
    id: 'SX-CONN-002',
    held: mic(),
    broken: [
      { play: of(request(MICROPHONE_URL), response(404), end('server', 'refused')), evidence: [0, 1] },
      {
        play: asked('/v1/realtime?token=redacted-1&type=fast', { dialect: 'scriptix' }, response(404)),
        evidence: [0],
      },
    ],
    silent: stream(),
  },
  {
    id: 'SX-CONN-003',
    held: stream(),
    broken: [
      { play: of(request(STREAM_URL), response(404), end('server', 'refused')), evidence: [0, 1] },
      { play: of(request('/v2/client/redacted-1/x?url=http://x/&type=fast'), response(101)), evidence: [0] },
    ],
    silent: mic(),
  },
  {
    id: 'SX-CONN-004',
    held: mic(),
    broken: [
      { play: of(request(bare), response(101)), evidence: [0] },
      { play: of(request('/v2/client/?url=http://x/&type=fast'), response(101)), evidence: [0] },
      {
        play: of(request(MICROPHONE_URL, { 'api-key': 'redacted-2' }), response(101)),
        evidence: [0],
        outcome: 'doubtful',
      },
    ],
    silent: asked(bare, { credential: 'missing' }, ...REFUSED),
  },
  {
    id: 'SX-CONN-005',
    held: asked(MICROPHONE_URL, VALID, ...BEGUN),
    broken: [
      { play: asked(MICROPHONE_URL, VALID, ...REFUSED), evidence: [0, 2] },
      { play: asked(MICROPHONE_URL, VALID, ...TOLD), evidence: [0, 3] },
      { play: asked(MICROPHONE_URL, VALID, ...OPENED, close('server', 1008)), evidence: [0, 4] },
    ],
    silent: withHeader('api-key'),
  },
  ...(['x-zoom-s2t-key', 'x-api-key', 'api-key'] as const).map((name, i) => ({
    id: `SX-CONN-00${i + 6}`,
    held: withHeader(name),
    broken: [{ play: refusedHeader(name), evidence: [0, 2] }],
    silent: mic(),
  })),
  {
    id: 'SX-CONN-009',
    held: of(request(MICROPHONE_URL, BROWSER), response(101)),
    broken: [
      {
        play: of(request(bare, { ...BROWSER, 'x-api-key': 'redacted-1' }), response(101)),
        evidence: [0],
      },
    ],
    silent: withHeader('x-api-key'),
  },
  {
    id: 'SX-CONN-010',
    held: asked(bare, { credential: 'missing' }, ...REFUSED),
    broken: [{ play: asked(bare, { credential: 'missing' }, ...BEGUN), evidence: [0, 4] }],
    silent: asked(bare, { credential: 'invalid' }, ...BEGUN),
  },
  {
    id: 'SX-CONN-011',
    held: asked(MICROPHONE_URL, { credential: 'invalid' }, ...TOLD),
    broken: [{ play: asked(MICROPHONE_URL, { credential: 'invalid' }, ...BEGUN), evidence: [0, 4] }],
    silent: asked(MICROPHONE_URL, VALID, ...BEGUN),
  },
  {
    id: 'SX-CONN-012',
    held: mic(),
    broken: [
      { play: of(request('/v2/realtime?token=redacted-1&type=fast&language=english')), evidence: [0] },
      { play: of(request('/v2/realtime?token=redacted-1&type=fast&language=')), evidence: [0] },
      {
        play: of(request('/v2/realtime?token=redacted-1&type=fast&language=nl-NL')),
        evidence: [0],
        outcome: 'doubtful',
      },
    ],
    silent: of(request('/v2/realtime?token=redacted-1&type=fast')),
  },
  {
    id: 'SX-CONN-013',
    held: asked('/v2/realtime?token=redacted-1&type=fast', VALID, ...BEGUN),
    broken: [
      {
        play: asked('/v2/realtime?token=redacted-1&type=fast', VALID, response(400)),
        evidence: [0, 2],
      },
      {
        play: asked(
          '/v2/client/redacted-1?url=http://x/a.mp3&type=fast',
          { ...VALID, source: 'mp3' },
          ...TOLD,
        ),
        evidence: [0, 3],
        also: ['SX-STR-007'],
      },
    ],
    silent: mic(),
  },
  {
    id: 'SX-CONN-014',
    held: mic(),
    broken: [
      { play: of(request('/v2/realtime?token=redacted-1&type=Fast')), evidence: [0] },
      { play: of(request('/v2/realtime?token=redacted-1&type=')), evidence: [0] },
    ],
    silent: of(request('/v2/realtime?token=redacted-1')),
  },
  {
    id: 'SX-CONN-015',
    held: mic(),
    broken: [{ play: of(request('/v2/realtime?token=redacted-1')), evidence: [0], outcome: 'doubtful' }],
    silent: of(audio(10)),
  },
  {
    id: 'SX-CONN-016',
    held: asked('/v2/realtime?token=redacted-1&language=en', VALID, ...BEGUN),
    // Refusing is the strict reading of A1.
    broken: [],
    silent: mic(),
  },
  {
    id: 'SX-CONN-017',
    held: asked('/v2/realtime?token=redacted-1&language=en&type=slow', VALID, response(400)),
    broken: [
      {
        play: asked('/v2/realtime?token=redacted-1&language=en&type=slow', VALID, ...BEGUN),
        evidence: [0, 4],
        also: ['SX-CONN-014'],
      },
    ],
    silent: mic(),
  },
  {
    id: 'SX-CONN-018',
    held: of(request(MICROPHONE_URL), at(15_200, end('client', 'fin')), {
      kind: 'report',
      report: { event: 'error', kind: 'timeout' },
    }),
    broken: [
      {
        play: of(request(MICROPHONE_URL), at(20_000, end('client', 'fin'))),
        evidence: [0, 1],
        also: ['SX-CONN-019'],
      },
      {
        play: of(request(MICROPHONE_URL), at(20_000, response(101))),
        evidence: [0, 1],
        also: ['SX-CONN-019'],
      },
      {
        play: of(
          request(MICROPHONE_URL),
          at(15_200, end('client', 'fin')),
          report({ event: 'display', text: 'connecting' }),
        ),
        evidence: [0, 1],
        also: ['SX-CONN-019'],
      },
    ],
    silent: mic(),
  },
  {
    id: 'SX-CONN-019',
    held: of(request(MICROPHONE_URL), at(14_900, response(101))),
    broken: [
      { play: of(request(MICROPHONE_URL), at(15_200, response(101))), evidence: [0, 1] },
      { play: of(request(MICROPHONE_URL), at(15_100, end('client', 'fin'))), evidence: [0, 1] },
    ],
    silent: of(request(MICROPHONE_URL), at(20, end('client', 'fin'))),
  },
  {
    id: 'SX-CONN-020',
    held: stream(),
    broken: [
      {
        play: of(request('/v2/client/redacted-1?url=http%253A%252F%252Fx%252Fa&type=fast'), response(101)),
        evidence: [0],
      },
      {
        play: of(request('/v2/client/redacted-1?url=http://x/100%.mp3&type=fast'), response(101)),
        evidence: [0],
      },
    ],
    silent: mic(),
  },
  {
    id: 'SX-CONN-021',
    held: of(request(MICROPHONE_URL), at(12_000, response(101))),
    broken: [{ play: of(request(MICROPHONE_URL), at(10_000, end('client', 'fin'))), evidence: [0, 1] }],
    silent: of(
      request(MICROPHONE_URL),
      response(101),
      said({ action: 'start' }),
      heard({ state: 'listening' }),
    ),
  },
];
