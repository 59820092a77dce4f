import { DIALECT_NAMES } from '../../protocol/dialects.ts';
import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../runtime/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Catalog } from '../../scenario/catalog.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ServerEvent } from '../events.ts';

/** An editor writes a file in several steps. */
const SETTLE_MS = 50;

/**
 * Reads scenario files of the folders again when they change. A file with mistakes is reported, and its last good
 * version is kept. Call the returned function to stop watching.
 *
 * @param onRead is called with the new versions
 */
export function watchScenarios(
  catalog: Catalog,
  folders: readonly string[],
  wall: Clock,
  onEvent: (event: ServerEvent) => void,
  onRead: (scenarios: readonly Scenario[]) => void,
): () => void {
  const waiting = new Map<string, () => void>();
  const watchers: FSWatcher[] = [];
  const reload = (path: string) => {
    waiting.delete(path);
    catalog.add(path).then(
      (read) => {
        for (const { name } of read) onEvent({ event: 'scenario-loaded', name, path });
        onRead(read);
      },
      (error: unknown) => {
        // A file that was removed also keeps its last version, and is not reported.
        if (error instanceof UserError && error.mistakes.some(({ code }) => code === 'ENOENT')) return;
        onEvent({ event: 'scenario-broken', path, message: messageOf(error) });
      },
    );
  };
  for (const folder of folders.flatMap((root) => [
    root,
    ...DIALECT_NAMES.map((dialect) => join(root, dialect)),
  ])) {
    try {
      const watcher = watch(folder, (_kind, name) => {
        if (name === null || !/\.ya?ml$/.test(name)) return;
        const path = join(folder, name);
        waiting.get(path)?.();
        waiting.set(
          path,
          wall.at(wall.now() + SETTLE_MS, () => reload(path)),
        );
      });
      watcher.on('error', (error) =>
        onEvent({ event: 'scenario-broken', path: folder, message: error.message }),
      );
      watchers.push(watcher);
    } catch {
      // The folders of dialects need not exist; the folders themselves were read before.
    }
  }
  return () => {
    for (const cancel of waiting.values()) cancel();
    for (const watcher of watchers) watcher.close();
  };
}
