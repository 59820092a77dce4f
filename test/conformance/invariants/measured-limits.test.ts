import { describe, expect, it } from 'vitest';
import type { Play } from '../../../src/conformance/judge/invariant.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';
import {
  at,
  close,
  events,
  heard,
  MICROPHONE,
  outcomes,
  play,
  request,
  RESON8,
  response,
  said,
} from '../play.ts';

// A client that waited for exactly 5 s was warned with "4999 ms" in two of three runs: every limit was compared with
// what was measured as if that were exact.
const one = (...facts: readonly TraceFact[]): Play => play(events(facts));
const end = (by: 'client' | 'server'): TraceFact => ({ kind: 'end', by, how: 'fin', code: 1006 });
const UPGRADE = request('/v2/realtime?token=redacted-1&type=fast', { Upgrade: 'websocket' });
const FLUSH = said({ type: 'flush_request', id: 'a' });
const TIMEOUT: TraceFact = { kind: 'report', report: { event: 'error', kind: 'timeout' } };
const { measuringMs } = TOLERANCES;

/** What happens `ms` after the beginning, and the outcome just within the limit and clearly beyond it. */
const LIMITS: readonly (readonly [
  id: string,
  what: string,
  limitMs: number,
  later: 'is too late' | 'is long enough',
  plays: (ms: number) => Play,
])[] = [
  [
    'R8-FL-012',
    'waits for a confirmation',
    3000,
    'is long enough',
    (ms) => one(...RESON8, FLUSH, at(ms, close('client'))),
  ],
  [
    'SX-CONN-021',
    'waits for a connection',
    14_000,
    'is long enough',
    (ms) => one(UPGRADE, at(ms, end('client'))),
  ],
  [
    'SX-CONN-018',
    'gives up a connection',
    18_000,
    'is too late',
    (ms) => one(UPGRADE, at(ms, end('client')), TIMEOUT),
  ],
  [
    'SX-CONN-019',
    'establishes a connection',
    15_000,
    'is too late',
    (ms) => one(UPGRADE, at(ms, response(101))),
  ],
  [
    'SX-STATE-006',
    'shows a sign of life',
    15_000,
    'is too late',
    (ms) => one(...MICROPHONE.slice(0, 3), at(ms, heard({ state: 'loading' }))),
  ],
];

describe.each(LIMITS)('%s, a peer that %s: the limit of %i ms', (id, _what, limitMs, later, plays) => {
  const isKept = (ms: number) => outcomes(id, plays(ms)).every((outcome) => outcome === 'held');

  it('is not broken within what measuring may add or take away', () => {
    const offMs = later === 'is too late' ? measuringMs : -measuringMs;
    for (const ms of [limitMs, limitMs + offMs / 10, limitMs + offMs])
      expect([ms, isKept(ms)]).toEqual([ms, true]);
  });
});

describe('beyond what measuring may add or take away', () => {
  it.each(LIMITS)('%s is not kept', (id, _what, limitMs, later, plays) => {
    const ms = later === 'is too late' ? limitMs + measuringMs + 1 : limitMs - measuringMs - 1;
    expect(outcomes(id, plays(ms)).filter((outcome) => outcome !== 'held')).not.toEqual([]);
  });
});

describe('a wait for an answer that ends just before its limit counts as complete, and an earlier one does not', () => {
  it.each<[id: string, plays: (ms: number) => Play]>([
    [
      'TR-002',
      (ms) => one(...MICROPHONE, { kind: 'ping', from: 'server', base64: '' }, at(ms, end('server'))),
    ],
    ['TR-005', (ms) => one(...MICROPHONE, close('server'), at(ms, end('server')))],
    ['R8-FL-002', (ms) => one(...RESON8, FLUSH, at(ms, close('client')))],
  ])('%s', (id, plays) => {
    expect(outcomes(id, plays(4999))).toContain('broken');
    expect(outcomes(id, plays(4800))).not.toContain('broken');
  });
});
