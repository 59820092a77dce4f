import { watch } from 'node:fs';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { ServerEvent } from '../events.ts';
import type { Shelf } from './shelf.ts';

/** A recording is written in several strokes, and its transcript after it. */
const SETTLE_MS = 300;

/**
 * Reads the recordings again when something in their folders changes. If there are mistakes then, they are reported,
 * and what was read before stays. Returns what stops the watching.
 */
export function watchRecordings(
  shelf: Shelf,
  folders: readonly string[],
  wall: Clock,
  onEvent: (event: ServerEvent) => void,
): () => void {
  let isReading = false;
  let isDue = false;
  const read = async () => {
    isDue = true;
    if (isReading) return;
    isReading = true;
    while (isDue) {
      isDue = false;
      await shelf.read().catch(broken);
    }
    isReading = false;
  };
  const broken = (error: unknown) => onEvent({ event: 'recordings-broken', message: messageOf(error) });
  let cancel: (() => void) | undefined;
  const watchers = folders.map((folder) =>
    watch(folder, () => {
      cancel?.();
      cancel = wall.at(wall.now() + SETTLE_MS, () => void read());
    }).on('error', broken),
  );
  return () => {
    isDue = false;
    cancel?.();
    for (const watcher of watchers) watcher.close();
  };
}
