import { describe, expect, it } from 'vitest';
import { SCRIPTIX_OBSERVATIONS } from '../../../src/conformance/invariants/scriptix/index.ts';
import type { Play } from '../../../src/conformance/invariant.ts';
import { audio, close, heard, request, response, said } from '../play.ts';
import {
  end,
  final,
  later,
  LISTENING,
  mic,
  MICROPHONE_URL,
  of,
  partial,
  stream,
} from './scriptix-cases/case.ts';

const told = (id: string, play: Play) =>
  SCRIPTIX_OBSERVATIONS.flatMap((tell) => tell(play)).flatMap((each) => (each.id === id ? each.text : []));

const OPEN = [request(MICROPHONE_URL), response(101)];
const started = said({ action: 'start', key: 'redacted-1', partial: true });
const ERROR = heard({ error: 'CORS: other origins are forbidden' });

describe('what is told and scored by nobody', () => {
  it.each<[string, Play, string]>([
    ['SX-I01', of(...OPEN, started), 'start with the options ["key","partial"]'],
    ['SX-I02', mic(), 'listening, 1 times'],
    [
      'SX-I03',
      of(...OPEN, said({ action: 'start' }), audio(100), heard({ state: 'listening' }), partial('hi')),
      'audio was sent before the listening, and results came',
    ],
    ['SX-I04', mic(partial('hi', 100, { words: [] })), 'partials with words, 1 times'],
    [
      'SX-I05',
      mic(partial('hi'), partial('hi how', 100, { stability: 0.7 })),
      'a stability below the one before in its segment, 1 times',
    ],
    ['SX-I06', mic(partial('hi'), final('hi', 100, { stability: 1 })), 'finals with stability, 1 times'],
    ['SX-I07', mic(close('server', 1011)), 'the server closed with 1011'],
    ['SX-I08', mic(ERROR, later(250, close('server'))), '250 ms from the error to the close'],
    ['SX-I08', mic(ERROR), 'an error, and no close of the server after it'],
    [
      'SX-I09',
      stream(partial('hi'), final('hi'), close('server')),
      'the server closed with 1000 after final',
    ],
    ['SX-I09', stream(partial('hi'), close('client')), 'the client left after partial'],
    ['SX-I09', stream(end('server', 'reset')), 'the connection ended (reset) after state'],
    ['SX-I11', of(...LISTENING, ERROR), 'an error about other origins: "CORS: other origins are forbidden"'],
    ['SX-I12', mic(later(1400, partial('hi'))), '1400 ms from the first audio to the first partial'],
    [
      'SX-I12',
      stream(partial('hi'), later(80, final('hi')), partial('how', 900), later(95, final('how', 900))),
      '80 to 95 ms from the last partial to its final',
    ],
    [
      'SX-I13',
      of(request('/api/v4/realtime/initialize', { 'x-zoom-s2t-key': 'redacted-1' }, 'POST'), response(200)),
      'POST without content-type was answered with 200',
    ],
    [
      'SX-PART-011',
      mic(partial('hi'), partial('hi how'), partial('high hopes')),
      '1 of 2 partials change the one before them',
    ],
  ])('%s is told', (id, play, text) => {
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
  ])('%s is not told when it is not so', (id, play) => {
    expect(told(id, play)).toEqual([]);
  });
});
