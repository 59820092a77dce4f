import { allowedFrom, type AllowList } from '../../audio/sources/allow.ts';
import { openSource } from '../../audio/sources/open.ts';
import { SourceError } from '../../audio/source.ts';
import type { Clock } from '../../runtime/clock.ts';
import { sleepUntil } from '../../runtime/wait.ts';
import type { Input } from '../engine/messages.ts';

/** Beyond this delay the schedule moves on instead of catching up: a live stream had nothing to play. */
const LATEST_MS = 500;

interface PlayOptions {
  readonly allow: AllowList;
  /** The origin of the web page that requests the stream, if a page does. */
  readonly origin: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Fetches a stream and plays it to a session at the pace at which it would be heard: each piece arrives when its last
 * sample has been spoken. Ends with the stream, with an error input, or when `signal` is aborted.
 */
export async function play(
  url: string,
  { allow, origin, clock, signal }: PlayOptions,
  input: (input: Input) => void,
): Promise<void> {
  try {
    let dueMs: number | undefined;
    for await (const chunk of openSource(url, { allow: allowedFrom(origin, allow), clock, signal })) {
      const lastMs: number = dueMs ?? clock.now();
      // Due times are computed from the stream's own times, not from when timers fired, so there is no drift.
      dueMs = lastMs + LATEST_MS < clock.now() ? clock.now() : lastMs + chunk.durationMs;
      await sleepUntil(clock, dueMs, signal);
      if (signal.aborted) return;
      input({ kind: 'source', chunk });
    }
    if (!signal.aborted) input({ kind: 'source-end' });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof SourceError)) throw error;
    const problem = error.problem === 'timeout' ? 'timeout' : 'source';
    input({ kind: 'source-failed', problem, message: error.message });
  }
}
