import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { REPOSITORY } from '../../support/programs/cli.ts';

/** Where Debian has Chromium. */
export const CHROMIUM = '/usr/bin/chromium';

/** What it is started with; nothing of it has to do with sound. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium. Its microphone hears a recording once and then silence. */
export function launchChromium(recording: string): Promise<Browser> {
  const path = join(REPOSITORY, 'fixtures/audio', recording);
  return launch([
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${path}%noloop`,
  ]);
}

/** Debian's Chromium as a user has it: no microphone, and sound only after a click. */
export function launchSilentChromium(): Promise<Browser> {
  return launch([]);
}

function launch(args: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...QUIET, ...args] });
}
