import { describe, expect, it } from 'vitest';
import { SCRIPTIX_OBSERVATIONS } from '../../../../src/conformance/invariants/scriptix/scriptix.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import { at, audio, close, heard, request, response, said } from '../../play.ts';
import { end, final, LISTENING, mic, MICROPHONE_URL, of, partial, stream } from './cases/case.ts';

const told = (id: string, play: Play) =>
  SCRIPTIX_OBSERVATIONS.flatMap((tell) => tell(play)).flatMap((each) => (each.id === id ? each.text : []));

const OPEN = [request(MICROPHONE_URL), response(101)];
const started = said({ action: 'start', key: 'redacted-1', partial: true });
const ERROR = heard({ error: 'CORS: other origins are forbidden' });

describe('an observation, which is reported but does not count', () => {
  it.each<[string, Play, string]>([
    ['SX-I01', of(...OPEN, started), 'the start command carried the options ["key","partial"]'],
    ['SX-I02', mic(), 'the state listening was sent'],
    [
      'SX-I03',
      of(...OPEN, said({ action: 'start' }), audio(100), heard({ state: 'listening' }), partial('hi')),
      'audio was sent before the state listening, and results came',
    ],
    ['SX-I02', mic(heard({ state: 'listening' })), 'the state listening was sent 2 times on one connection'],
    ['SX-I04', mic(partial('hi', 100, { words: [] })), 'a partial carried words'],
    [
      'SX-I05',
      mic(partial('hi'), partial('hi how', 100, { stability: 0.7 })),
      'stability fell within a segment',
    ],
    ['SX-I06', mic(partial('hi'), final('hi', 100, { stability: 1 })), 'a final carried stability'],
    ['SX-I07', mic(close('server', 1011)), 'the server closed the connection with 1011'],
    ['SX-I08', mic(ERROR, at(250, close('server'))), 'the server closed 250 ms after its error'],
    ['SX-I08', mic(ERROR), 'the server sent an error and did not close the connection after it'],
    [
      'SX-I09',
      stream(partial('hi'), final('hi'), close('server')),
      'the server closed with 1000 after a message of kind final',
    ],
    ['SX-I09', stream(partial('hi'), close('client')), 'the client left after a message of kind partial'],
    ['SX-I09', stream(end('server', 'reset')), 'the connection ended (reset) after a message of kind state'],
    [
      'SX-I11',
      of(...LISTENING, ERROR),
      'an error spoke of other origins: "CORS: other origins are forbidden"',
    ],
    ['SX-I12', mic(at(1400, partial('hi'))), 'the first partial came 1400 ms after the first audio'],
    [
      'SX-I12',
      stream(partial('hi'), at(80, final('hi')), partial('how', 900), at(95, final('how', 900))),
      'a final came 80 to 95 ms after the last partial of its segment',
    ],
    [
      'SX-I13',
      of(request('/api/v4/realtime/initialize', { 'x-zoom-s2t-key': 'redacted-1' }, 'POST'), response(200)),
      'POST without content-type was answered with 200',
    ],
    [
      'SX-PART-011',
      mic(partial('hi'), partial('hi how'), partial('high hopes')),
      '1 of 2 partials changed what the one before them said',
    ],
  ])('%s is made', (id, play, text) => {
    expect(told(id, play)).toEqual([text]);
  });

  it.each([
    ['SX-I01', mic()],
    ['SX-I02', stream()],
    ['SX-I03', mic(partial('hi'))],
    ['SX-I07', mic(close('client'), close('server'))],
    ['SX-I08', mic()],
    ['SX-I09', mic(close('server'))],
    ['SX-I13', of(request('/api/v4/realtime/initialize', { 'Content-Type': 'application/json' }, 'POST'))],
  ])('%s is not made where it does not apply', (id, play) => {
    expect(told(id, play)).toEqual([]);
  });
});
