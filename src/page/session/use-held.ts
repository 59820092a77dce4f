import { useEffect, useState } from 'preact/hooks';
import { call } from '../api.ts';
import { pause } from '../clock.ts';
import type { Held } from './held-list.tsx';

/** How often the list of held messages is read. */
const AGAIN_MS = 500;

/** The messages that are held, read again and again; undefined while none are to be held. */
export function useHeld(
  id: string,
): readonly [held: readonly Held[] | undefined, set: (held: readonly Held[] | undefined) => void] {
  const [held, setHeld] = useState<readonly Held[]>();
  const isHolding = held !== undefined;
  // The list grows while it is shown.
  useEffect(() => {
    if (!isHolding) return;
    const leaving = new AbortController();
    const isOver = () => leaving.signal.aborted;
    const look = async () => {
      while (!isOver()) {
        await pause(AGAIN_MS, leaving.signal);
        if (isOver()) return;
        const answer = (await call(`sessions/${encodeURIComponent(id)}/held`)) as {
          readonly held: readonly Held[];
        };
        if (!isOver()) setHeld(answer.held);
      }
    };
    // The session may have ended.
    look().catch(() => undefined);
    return () => leaving.abort();
  }, [isHolding, id]);
  return [held, setHeld];
}
