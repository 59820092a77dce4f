import { measureRealtime } from './measures.ts';
import type { RealtimeResult } from '../load/plan.ts';
import type { ServerName } from '../servers/start.ts';

/** From as many as a test suite opens to as many as two cores can just about serve. */
export const SCALE = [100, 300, 1000, 3000] as const;

/** Shorter than the real-time part itself: only processor time is compared. */
const SECONDS = 8;

/** The real-time load with this many simultaneous sessions. */
export function measureScale(name: ServerName, sessions: number): Promise<RealtimeResult> {
  return measureRealtime(name, sessions, SECONDS);
}
