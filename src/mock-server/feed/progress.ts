import type { Session } from '../open-session.ts';
import type { Progressed } from './event.ts';

/** What was last reported about each open session. */
export type Seen = Map<string, Progressed>;

/** The maximum number reported at a time; the others follow. */
export const MOST_AT_A_TIME = 250;

/**
 * The open sessions that have made progress since the last report, beginning with the one whose turn it is. Sessions
 * that have ended are forgotten.
 */
export function progressIn(
  sessions: readonly Session[],
  seen: Seen,
  turn: number,
): { readonly progressed: readonly Progressed[]; readonly turn: number } {
  const progressed: Progressed[] = [];
  const start = turn < sessions.length ? turn : 0;
  let next = 0;
  for (let i = 0; i < sessions.length && progressed.length < MOST_AT_A_TIME; i++) {
    const at = (start + i) % sessions.length;
    const session = sessions[at];
    next = at + 1;
    if (session === undefined) continue;
    const { id, audioMs, results } = session;
    const now: Progressed = { event: 'session', id, audioMs, results, frames: session.count('frame') };
    const last = seen.get(id);
    if (last?.audioMs === audioMs && last.results === results && last.frames === now.frames) continue;
    seen.set(id, now);
    progressed.push(now);
  }
  if (seen.size > sessions.length) {
    const open = new Set(sessions.map(({ id }) => id));
    for (const id of seen.keys()) if (!open.has(id)) seen.delete(id);
  }
  return { progressed, turn: next };
}
