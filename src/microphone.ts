/**
 * A microphone for tests in a browser: a script that takes the place of `getUserMedia`, and the recordings to say. It
 * works with any tool that can run a script before those of a page; `asr-understudy/playwright` has it as a fixture.
 *
 * @module asr-understudy/microphone
 */
/// <reference types="node" preserve="true" />

import { readFileSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { codeOf, systemReason, UserError } from './runtime/errors.ts';
import { kindOf } from './runtime/json/given.ts';
import { AUDIO_FIXTURES, recordingPath } from './scenario/speech/fixtures.ts';

export type { PageMicrophone } from './microphone/page-microphone.ts';

/** The largest recording, in bytes: five minutes of the best quality. */
const MOST_BYTES = 64 * 2 ** 20;

/** The source of the script. It has to run before the page asks for the microphone. */
export const microphoneScript: string = readFileSync(
  new URL('../src/microphone/in-page.js', import.meta.url),
  'utf8',
);

/**
 * Reads a recording.
 *
 * @param file the name of a recording of this package (`en-appointment.wav`), or else a path
 * @throws UserError if it is no text, there is neither, it cannot be read, or it is larger than 64 MiB
 */
export async function recording(file: string): Promise<Buffer> {
  if (typeof file !== 'string')
    throw new UserError(`expected the name or the path of a recording, got ${kindOf(file)}`, {
      command: 'recording()',
    });
  const path = recordingPath(file);
  try {
    const { size } = await stat(path);
    if (size <= MOST_BYTES) return await readFile(path);
  } catch (error) {
    const isMissing = codeOf(error) === 'ENOENT';
    const known = isMissing ? `; this package has ${(await bundledNames()).join(', ')}` : '';
    throw new UserError(`the recording cannot be read: ${systemReason(error)}${known}`, { file });
  }
  throw new UserError('the recording is larger than 64 MiB', { file });
}

async function bundledNames(): Promise<readonly string[]> {
  const names = await readdir(AUDIO_FIXTURES);
  return names.filter((name) => /\.(?:wav|mp3)$/.test(name)).sort();
}
