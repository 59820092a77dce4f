import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { REPOSITORY } from '../support/programs/cli.ts';

/** Debian's Chromium. Its microphone hears a recording once and then silence. */
export function launchChromium(recording: string): Promise<Browser> {
  const path = join(REPOSITORY, 'fixtures/audio', recording);
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${path}%noloop`,
    ],
  });
}
