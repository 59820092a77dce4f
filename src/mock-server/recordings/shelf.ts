import { sentenceOf } from '../../runtime/errors.ts';
import type { Recordings } from '../../scenario/speech/recordings/load.ts';
import type { ServerEvent } from '../events.ts';

/** The recordings that a server knows in addition to the bundled ones. */
export interface Shelf {
  /** The recordings that were read last; undefined without folders. */
  readonly current: Recordings | undefined;
  /** Reads the folders again. @throws UserError; what was read before is then kept */
  read(): Promise<void>;
}

/**
 * Reads the recordings in some folders, and reports what was found.
 *
 * @throws UserError with the mistakes in them
 */
export async function openShelf(
  folders: readonly string[],
  onEvent: (event: ServerEvent) => void,
): Promise<Shelf> {
  if (folders.length === 0) return { current: undefined, read: () => Promise.resolve() };
  // Loading it loads decoders, which a server without recordings does not need.
  const { loadRecordings } = await import('../../scenario/speech/recordings/load.ts');
  let current: Recordings | undefined;
  const read = async () => {
    current = await loadRecordings(folders);
    onEvent({ event: 'recordings-loaded', count: current.all.length });
    for (const { file = '', ...note } of current.notes) {
      onEvent({ event: 'recording-note', path: file, message: sentenceOf(note) });
    }
  };
  await read();
  return {
    get current() {
      return current;
    },
    read,
  };
}
