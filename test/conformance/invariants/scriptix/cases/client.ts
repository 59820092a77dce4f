import { at, audio, close, heard } from '../../../play.ts';
import { end, final, mic, partial, report, type Case } from './case.ts';

const ODD_STATE = heard({ state: 'purring' });
const ODD_FIELDS = heard({ state: 'listening', region: 'eu' });
const ERROR = heard({ error: 'no' });
const drop = end('server', 'reset');
const closed = (code?: number) => report({ event: 'closed', ...(code === undefined ? {} : { code }) });
const display = (text: string) => report({ event: 'display', text });
const kept = (text: string) => report({ event: 'final', text });
const failed = report({ event: 'error', kind: 'server', message: 'no' });
const BYE = [at(2000, close('client')), close('server'), end('client')];

export const ON_CLIENT: readonly Case[] = [
  {
    id: 'SX-STATE-007',
    held: mic(ODD_STATE, at(1000, audio(100))),
    broken: [
      {
        play: mic(ODD_STATE, audio(100), close('client', 1011)),
        evidence: [6, 8],
        also: ['SX-ERR-004', 'SX-STATE-002'],
      },
      { play: mic(ODD_STATE, failed), evidence: [6, 7], also: ['SX-STATE-002'] },
      {
        play: mic(ODD_STATE, at(5000, end('client', 'fin'))),
        evidence: [6, 7],
        also: ['SX-ERR-004', 'SX-STATE-002'],
      },
    ],
    silent: mic(heard({ state: 'listening' }), close('client', 1011)),
  },
  {
    id: 'SX-MSG-003',
    held: mic(ODD_FIELDS, at(1000, audio(100))),
    broken: [{ play: mic(ODD_FIELDS, end('client', 'reset')), evidence: [6, 7], also: ['SX-ERR-004'] }],
    silent: mic(partial('hi'), end('client', 'fin')),
  },
  {
    id: 'SX-FIN-020',
    held: mic(partial('hi'), final('hi', 100, { speaker: 'Speaker 1' }), at(1000, close('client'))),
    broken: [
      {
        play: mic(partial('hi'), final('hi', 100, { speaker: 'Speaker 1' }), end('client', 'fin')),
        evidence: [7, 8],
        also: ['SX-ERR-004'],
      },
    ],
    silent: mic(partial('hi'), end('client', 'fin')),
  },
  {
    id: 'SX-PART-012',
    held: mic(partial('hi'), partial('hi how'), display('hi how')),
    broken: [
      { play: mic(partial('hi'), partial('hi how'), display('Hi hi how')), evidence: [6, 7, 8] },
      { play: mic(partial('hi'), final('hi'), display('hi\nhi')), evidence: [6, 7, 8] },
    ],
    silent: mic(partial('hi'), partial('hi how'), report({ event: 'state', state: 'listening' })),
  },
  {
    id: 'SX-ERR-005',
    held: mic(ERROR, failed, ...BYE),
    broken: [{ play: mic(display('hi'), ERROR, close('server'), close('client')), evidence: [7] }],
    silent: mic(ERROR, close('server'), close('client')),
  },
  {
    id: 'SX-ERR-006',
    held: mic(drop, closed(1006)),
    broken: [
      { play: mic(drop, closed(1000)), evidence: [6, 7] },
      { play: mic(display('hi'), drop), evidence: [7] },
    ],
    silent: mic(drop),
  },
  {
    id: 'SX-FIN-021',
    held: mic(partial('yes'), final('yes', 100), kept('yes'), final('yes', 900), kept('yes'), ...BYE),
    broken: [
      // The second "yes" is lost, a final is kept twice, one is edited.
      {
        play: mic(partial('yes'), final('yes', 100), kept('yes'), final('yes', 900), ...BYE),
        evidence: [7, 8, 9],
      },
      { play: mic(partial('yes'), final('yes', 100), kept('yes'), kept('yes'), ...BYE), evidence: [7, 8, 9] },
      { play: mic(partial('ye'), final('yes', 100), kept('yes'), kept('Yes!'), ...BYE), evidence: [9] },
    ],
    silent: mic(partial('yes'), final('yes', 100), final('yes', 900), ...BYE),
  },
];
