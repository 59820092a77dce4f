import type { TraceContext, TraceFact } from '../../src/wire/trace.ts';
import type { Play } from '../../src/conformance/judge/invariant.ts';
import { at, context, events, play, request, response } from './play.ts';

export type Credential = NonNullable<TraceContext['credential']>;
/** The facts of one conversation, and the time at which it begins. */
type Part = readonly [atMs: number, ...facts: readonly TraceFact[]];

export const KEY = { 'x-zoom-s2t-key': 'redacted-1' };
const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };
export const API = '/api/v4/realtime';
export const ENDPOINT = 'ws://127.0.0.1:8080/v2/realtime';

export const READY = {
  status: 'ready',
  message: 'Realtime service is ready',
  ready: true,
  endpoint: ENDPOINT,
};
export const SCALED_DOWN = {
  status: 'scaled_down',
  message: 'Realtime service is scaled down. Call /initialize to start it.',
  ready: false,
  endpoint: ENDPOINT,
};
export const STARTING = { ...SCALED_DOWN, status: 'starting', message: 'Realtime service is starting up' };

export const asked = (call: 'initialize' | 'status', headers: Record<string, string> = KEY): TraceFact =>
  request(`${API}/${call}`, headers, call === 'initialize' ? 'POST' : 'GET');
export const answered = (status: number, body?: unknown): TraceFact => response(status, body, JSON_TYPE);
export const as = (credential: Credential): TraceFact => context({ credential });
export const report = (fields: Record<string, unknown>): TraceFact => ({ kind: 'report', report: fields });

/** A call and its answer, 10 ms later. */
export const status = (body: unknown, code = 200): readonly TraceFact[] => [
  asked('status'),
  answered(code, body),
];
export const initialize = (body: unknown, code = 200): readonly TraceFact[] => [
  asked('initialize'),
  answered(code, body),
];
export const connection = (
  target = '/v2/realtime?token=redacted-1',
  host = '127.0.0.1:8080',
): readonly TraceFact[] => [request(target, { Host: host, Upgrade: 'websocket' }), response(101)];

/** A play of one conversation. */
export const one = (...facts: readonly TraceFact[]): Play => play(events(facts));

/** A play of several, each of which begins 100 ms after the one before. */
export function inTurn(...parts: readonly (readonly TraceFact[])[]): Play {
  return timed(...parts.map((facts, i): Part => [i * 100, ...facts]));
}

export function timed(...parts: readonly Part[]): Play {
  return play(
    events(...parts.map(([atMs, first, ...rest]) => (first === undefined ? [] : [at(atMs, first), ...rest]))),
  );
}
