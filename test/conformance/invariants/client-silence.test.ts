import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../src/wire/trace.ts';
import {
  at,
  audio,
  close,
  context,
  events,
  heard,
  MICROPHONE,
  outcomes,
  play,
  request,
  RESON8,
  response,
} from '../play.ts';

/** Facts that a client has to report, and does not. */
const SILENT: readonly (readonly [id: string, facts: readonly TraceFact[]])[] = [
  [
    'SX-CONN-018',
    [
      request('/v2/realtime?token=redacted-1', { upgrade: 'websocket' }),
      at(15_000, { kind: 'end', by: 'client', how: 'fin', code: 1006 }),
    ],
  ],
  ['SX-ERR-005', [...MICROPHONE, audio(100), heard({ error: 'x' }), at(2000, close('client'))]],
  ['SX-ERR-006', [...MICROPHONE, audio(100), { kind: 'end', by: 'server', how: 'fin', code: 1006 }]],
  [
    'SX-REST-027',
    [
      request('/api/v4/realtime/initialize', { 'x-zoom-s2t-key': 'redacted-1' }, 'POST'),
      response(403, { detail: 'Not enough permissions' }),
    ],
  ],
  ['R8-ERR-002', [...RESON8.slice(0, 1), response(401, { code: 'UNAUTHORIZED' })]],
];

describe.each(SILENT)('%s for a client that reports nothing', (id, facts) => {
  const judged = (about: TraceFact) => outcomes(id, play(events([about, ...facts])));

  it('is broken if the client is known to report', () => {
    expect(judged(context({ reports: true }))).toContain('broken');
  });

  it('is not broken if it is unknown whether the client reports', () => {
    expect(judged(context({}))).not.toContain('broken');
  });
});

it('SX-ERR-006 is held by a client that connects again, whether it reports or not', () => {
  const dropped = [...MICROPHONE, audio(100), { kind: 'end', by: 'server', how: 'fin', code: 1006 } as const];
  const again = [at(1000, MICROPHONE[0] ?? audio(0)), ...MICROPHONE.slice(1)];

  expect(outcomes('SX-ERR-006', play(events(dropped, again)))).toEqual(['held']);
  expect(outcomes('SX-ERR-006', play(events(dropped)))).toEqual([]);
});
