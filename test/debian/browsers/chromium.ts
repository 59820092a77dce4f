import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { REPOSITORY } from '../../support/programs/cli.ts';

/** Where Debian has Chromium, the browser of a user. */
export const CHROMIUM = '/usr/bin/chromium';
/**
 * Where Debian has Chromium without windows, as Playwright installs it. A page takes a fifth of the processor time of one
 * in an invisible window.
 */
export const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

/** Much longer than a page takes for anything, even on a busy machine. */
export const WAIT_MS = 60_000;

/** The flags that it is started with; none of them concerns sound. */
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
export function launchChromium(recording: string, program = HEADLESS_SHELL): Promise<Browser> {
  const path = join(REPOSITORY, 'fixtures/audio', recording);
  return launch(program, [
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${path}%noloop`,
  ]);
}

/** Debian's Chromium without a microphone, and with sound only after a click. */
export function launchSilentChromium(program = HEADLESS_SHELL): Promise<Browser> {
  return launch(program, []);
}

/**
 * A window that stays open, with a tab for each page. In Debian's Chromium, a window for each page takes more than twice the
 * processor time.
 */
export async function openWindow(browser: Browser): Promise<BrowserContext> {
  const window = await browser.newContext();
  window.setDefaultTimeout(WAIT_MS);
  await window.newPage();
  return window;
}

function launch(program: string, args: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: [...QUIET, ...args] });
}
