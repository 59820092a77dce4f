import { watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { ServerEvent } from '../events.ts';
import type { Shelf } from './shelf.ts';

/** A recording is written in several steps, and its transcript after it. */
const SETTLE_MS = 300;
/** With more folders than this, the recordings are refused when they are read. */
const MOST_FOLDERS = 2_000;

/**
 * Reads the recordings again when something in their folders changes. Mistakes are reported, and what was read before
 * is kept. Call the returned function to stop watching.
 */
export async function watchRecordings(
  shelf: Shelf,
  folders: readonly string[],
  wall: Clock,
  onEvent: (event: ServerEvent) => void,
): Promise<() => void> {
  let watchers: readonly FSWatcher[] = [];
  let isStopped = false;
  let isReading = false;
  let isDue = false;
  let cancel: (() => void) | undefined;

  const broken = (error: unknown) => onEvent({ event: 'recordings-broken', message: messageOf(error) });
  const changed = () => {
    cancel?.();
    cancel = wall.at(wall.now() + SETTLE_MS, () => void read());
  };
  const watchOne = (folder: string): readonly FSWatcher[] => {
    try {
      return [watch(folder, changed).on('error', broken)];
    } catch {
      // It has just been removed, which the watcher of its parent folder reports.
      return [];
    }
  };
  // All of them again, since a folder may have been replaced by another one of the same name.
  const watchAll = async () => {
    const found = await withSubfolders(folders);
    if (isStopped) return;
    const before = watchers;
    watchers = found.flatMap(watchOne);
    for (const watcher of before) watcher.close();
  };
  const read = async () => {
    isDue = true;
    if (isReading) return;
    isReading = true;
    while (isDue) {
      isDue = false;
      // Before reading, so that no change in the meantime is missed.
      await watchAll();
      if (!isStopped) await shelf.read().catch(broken);
    }
    isReading = false;
  };

  await watchAll();
  return () => {
    isStopped = true;
    isDue = false;
    cancel?.();
    for (const watcher of watchers) watcher.close();
  };
}

/** These folders and all folders in them. Links are not followed, just as when recordings are read. */
async function withSubfolders(roots: readonly string[]): Promise<readonly string[]> {
  const found = [...roots];
  for (const folder of found) {
    // A missing folder is not a mistake here: reading the recordings reports it if it is needed.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isDirectory() && found.length < MOST_FOLDERS) found.push(join(folder, entry.name));
    }
  }
  return found;
}
