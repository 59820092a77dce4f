import type { Clock } from '../../runtime/clock.ts';

const BEAT_MS = 1000;
/** Between two attempts while Redis does not answer, or waits for other replicas. */
const TRY_MS = 300;

/** What beats. */
export interface Beating {
  /** Whether Redis answers and need not wait for other replicas. */
  readonly isThere: boolean;
  /** Reports that this replica is there, and learns what is new. */
  current(): Promise<void>;
}

/**
 * Sends heartbeats, more often while they fail. Call the returned function to stop it.
 *
 * @param wall real time
 * @param onAway called for each heartbeat that failed
 */
export function keepBeating(wall: Clock, beating: Beating, onAway: () => void): () => void {
  let isStopped = false;
  let cancel: () => void;
  const later = () => {
    if (isStopped) return;
    cancel = wall.at(wall.now() + (beating.isThere ? BEAT_MS : TRY_MS), () => {
      void beating.current().catch(onAway).finally(later);
    });
  };
  later();
  return () => {
    isStopped = true;
    cancel();
  };
}
