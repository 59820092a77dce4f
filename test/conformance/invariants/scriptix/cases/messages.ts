import { at, close, heard, request, response, said } from '../../../play.ts';
import { end, final, mic, MICROPHONE_URL, of, partial, STARTED, stream, type Case } from './case.ts';

const OPEN = [request(MICROPHONE_URL), response(101), said({ action: 'start' })];
const LOADING = heard({ state: 'loading' });
const ERROR = heard({ error: 'error description' });

export const MESSAGES: readonly Case[] = [
  {
    id: 'SX-STATE-001',
    held: mic(),
    broken: [
      { play: of(...OPEN, heard({ state: 7 })), evidence: [3] },
      { play: of(...OPEN, heard({ state: null })), evidence: [3] },
    ],
    silent: of(...OPEN, ERROR),
  },
  {
    id: 'SX-STATE-002',
    held: mic(),
    broken: [{ play: mic(heard({ state: 'purring' })), evidence: [6], outcome: 'doubtful' }],
    silent: of(...OPEN, heard({ state: 7 })),
  },
  {
    id: 'SX-STATE-003',
    held: of(...OPEN, LOADING, heard({ state: 'listening' })),
    broken: [
      {
        play: of(...OPEN, LOADING, heard({ state: 'listening' }), LOADING),
        evidence: [4, 5],
      },
    ],
    silent: of(...OPEN, LOADING),
  },
  {
    id: 'SX-STATE-004',
    held: of(...OPEN, LOADING),
    broken: [
      { play: of(...OPEN, heard({ state: 'listening' }), LOADING), evidence: [3, 4], also: ['SX-STATE-003'] },
    ],
    silent: mic(),
  },
  {
    id: 'SX-STATE-005',
    held: mic(partial('hi')),
    broken: [{ play: mic(partial('hi'), heard({ state: 'listening' })), evidence: [6, 7] }],
    silent: mic(heard({ state: 'listening' })),
  },
  {
    id: 'SX-STATE-006',
    held: mic(),
    broken: [
      { play: of(...OPEN, at(15_200, LOADING)), evidence: [2, 3] },
      { play: of(...OPEN, at(15_001, close('client'))), evidence: [2, 3] },
    ],
    silent: of(...OPEN, at(9000, close('client')), at(9000, end('client'))),
  },
  {
    id: 'SX-MSG-001',
    held: mic(),
    broken: [
      { play: mic(heard('{"state":')), evidence: [6] },
      { play: mic(heard('[{"state":"listening"}]')), evidence: [6] },
      { play: mic({ kind: 'binary', from: 'server', byteCount: 20 }), evidence: [6] },
    ],
    silent: of(...OPEN),
  },
  {
    id: 'SX-MSG-002',
    held: mic(partial('hi')),
    broken: [
      { play: mic(heard({ partial: 'hi' })), evidence: [6] },
      { play: mic(heard({ state: 'error', error: 'no' })), evidence: [6] },
    ],
    silent: of(...OPEN, heard('{')),
  },
  {
    id: 'SX-ERR-001',
    held: mic(ERROR),
    broken: [
      { play: mic(heard({ error: '' })), evidence: [6] },
      { play: mic(heard({ error: { code: 1 } })), evidence: [6] },
    ],
    silent: mic(),
  },
  {
    id: 'SX-ERR-002',
    held: mic(partial('hi'), ERROR),
    broken: [{ play: mic(partial('hi'), ERROR, final('hi')), evidence: [7, 8] }],
    silent: mic(partial('hi')),
  },
  {
    id: 'SX-ERR-003',
    held: mic(close('server', 1000), close('client', 1000)),
    broken: [
      { play: mic(close('server', 1011), close('client', 1000)), evidence: [6] },
      { play: stream(partial('hi'), close('server', 1005)), evidence: [5] },
    ],
    silent: mic(close('client', 1000), close('server', 1001)),
  },
  {
    id: 'SX-ERR-004',
    held: mic(close('client', 1000), close('server', 1000)),
    broken: [
      { play: mic(close('client', 1005)), evidence: [6] },
      { play: mic(end('client', 'fin')), evidence: [6] },
    ],
    silent: mic(close('server', 1000), close('client', 1005), end('client', 'fin')),
  },
  {
    id: 'SX-PART-011',
    held: mic(partial('hi'), partial('hi how')),
    // A5: it may also change.
    broken: [],
    silent: mic(partial('hi')),
  },
  {
    id: 'SX-PART-008',
    held: mic(partial('hi'), final('hi')),
    broken: [{ play: mic(final('hi')), evidence: [6] }],
    silent: of(...STARTED),
  },
];
