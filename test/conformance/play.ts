import { conversationsOf } from '../../src/conformance/conversation/conversation.ts';
import { INVARIANTS } from '../../src/conformance/invariants/invariants.ts';
import type { Occasion, Play } from '../../src/conformance/judge/invariant.ts';
import { TOLERANCES, type Tolerances } from '../../src/conformance/judge/tolerances.ts';
import type { TraceContext, TraceEvent, TraceFact } from '../../src/wire/trace.ts';

/**
 * Conversations that are written by hand, fact by fact:
 *
 *     request, response     the upgrade or another HTTP request, and its answer
 *     said, heard           a message of the client; one of the server
 *     audio                 audio of the client, in milliseconds
 *     close                 a Close frame of either side
 *     context               what only the observer knows; SPEECH and SILENCE say what the audio is
 *     at                    a fact that comes later than usual, which is 10 ms after the one before
 *     MICROPHONE, RESON8    how a connection begins
 *     events, play          a trace of such facts; what an invariant gets to see of it
 *     judge, outcomes       the occasions that the invariant of a requirement finds; only how they came out
 */

/** A fact, and how long it came after the one before (10 ms). */
type Given = TraceFact & { readonly afterMs?: number };

/** Builds a play from facts in order; for several sessions, one list for each, merged by time. */
export function events(...sessions: readonly (readonly Given[])[]): readonly TraceEvent[] {
  const all = sessions.flatMap((facts, i) => {
    let atMs = 0;
    return facts.map(({ afterMs = 10, ...fact }): TraceEvent => {
      atMs += afterMs;
      return { session: `s${i + 1}`, atMs, ...fact };
    });
  });
  return all.sort((a, b) => a.atMs - b.atMs);
}

export function play(given: readonly TraceEvent[], tolerances: Partial<Tolerances> = {}): Play {
  return {
    name: 'test',
    conversations: conversationsOf(given),
    tolerances: { ...TOLERANCES, ...tolerances },
  };
}

/** The outcomes of the invariant of a requirement. */
export function judge(id: string, given: Play): readonly Occasion[] {
  const invariant = INVARIANTS.find((each) => each.id === id);
  if (invariant === undefined) throw new Error(`no invariant for ${id}`);
  return [...invariant.judge(given)];
}

export function outcomes(id: string, given: Play): readonly Occasion['outcome'][] {
  return judge(id, given).map(({ outcome }) => outcome);
}

export const at = <Fact extends TraceFact>(afterMs: number, fact: Fact): Fact & { afterMs: number } => ({
  ...fact,
  afterMs,
});
export const request = (target: string, headers: Record<string, string> = {}, method = 'GET'): TraceFact => ({
  kind: 'request',
  method,
  target,
  headers,
});
export const response = (
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): TraceFact => ({
  kind: 'response',
  status,
  headers,
  ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
});
export const said = (value: unknown): TraceFact => text('client', value);
export const heard = (value: unknown): TraceFact => text('server', value);
const text = (from: 'client' | 'server', value: unknown): TraceFact => ({
  kind: 'text',
  from,
  text: typeof value === 'string' ? value : JSON.stringify(value),
});
/** Audio of the client, 16 kHz mono: 32 bytes per millisecond. */
export const audio = (ms: number): TraceFact => ({ kind: 'binary', from: 'client', byteCount: ms * 32 });
export const context = (about: TraceContext): TraceFact => ({ kind: 'context', about });
export const SPEECH = context({ audio: { bytesPerMs: 32, content: 'speech' } });
export const SILENCE = context({ audio: { bytesPerMs: 32, content: 'silence' } });
export const close = (from: 'client' | 'server', code = 1000, reason = ''): TraceFact => ({
  kind: 'close',
  from,
  code,
  reason,
});

/** A microphone connection that is open and started. */
export const MICROPHONE: readonly TraceFact[] = [
  request('/v2/realtime?token=redacted-1&type=fast'),
  response(101),
  said({ action: 'start' }),
  heard({ state: 'listening' }),
  SPEECH,
];
/** A Reson8 connection that is open. */
export const RESON8: readonly TraceFact[] = [
  request('/v1/speech-to-text/realtime', { authorization: 'ApiKey redacted-1' }),
  response(101),
  SPEECH,
];
