import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the bundled recordings: two folders up, in the sources as in the build. */
export const AUDIO_FIXTURES = new URL('../../../fixtures/audio/', import.meta.url);

/** The path of a recording: one of this package if it has one of that name, otherwise a file. */
export function recordingPath(file: string): string {
  if (basename(file) !== file) return resolve(file);
  const bundled = fileURLToPath(new URL(encodeURIComponent(file), AUDIO_FIXTURES));
  return existsSync(bundled) ? bundled : resolve(file);
}
