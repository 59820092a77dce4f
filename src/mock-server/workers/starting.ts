import type { Clock } from '../../runtime/clock.ts';

/** How often someone who waits for workers is told how far they are, in real time. */
const EVERY_MS = 3000;

/**
 * Tells again and again how many workers are ready while they start. Each is a process of its own, so many of them take
 * long.
 *
 * @param processors how many the machine has
 * @returns ends it
 */
export function tellStarting(
  wall: Clock,
  { count, processors, ready }: { count: number; processors: number; ready: () => number },
  tell: (sentence: string) => void,
): () => void {
  const more = `; there are ${processors} processors, and more workers than that make nothing faster`;
  const again = (): (() => void) =>
    wall.at(wall.now() + EVERY_MS, () => {
      tell(`Starting workers, ${ready()} of ${count} so far${count > processors ? more : ''}`);
      cancel = again();
    });
  let cancel = again();
  return () => cancel();
}
