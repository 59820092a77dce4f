/**
 * For Playwright: a `test` that gives each test a fake of its own and a microphone that plays recordings.
 *
 * @module asr-understudy/playwright
 */
/// <reference types="node" preserve="true" />

import { errors, test as base, type Page } from '@playwright/test';
import type { PageMicrophone } from './microphone.ts';
import { microphoneScript, recording } from './microphone.ts';
import type { MockServer } from './mock-server/mock-server.ts';
import type { MockServerOptions } from './mock-server/options.ts';
import { startMockServer } from './mock-server/server.ts';
import { mistakeInWait } from './mock-server/session/wait-options.ts';

export { expect } from '@playwright/test';
export type { MockServer, MockServerOptions };

/** How long a page may take until it asks for the microphone, where the configuration does not say how long actions may take. */
const OPENED_WITHIN_MS = 10_000;

/** Options of {@link Microphone.say}. */
export interface SayOptions {
  /** How long to wait for the page to ask for the microphone, in milliseconds (Playwright's `actionTimeout`, or 10,000). */
  readonly timeoutMs?: number;
}

/** The microphone of the test's `page`. Other pages of its context have microphones that are never spoken into. */
export interface Microphone {
  /**
   * Waits until the page listens, and says a recording at the pace of speech, after what is being said.
   *
   * @param file a path of a WAV or MP3 file, or the name of a recording of this package: `en-appointment.wav`
   * @returns resolves when all of it has been said
   * @throws Error if there is no such file, or the page does not listen in time
   */
  say(file: string, options?: SayOptions): Promise<void>;
  /** From now on the page hears silence, whatever is said. */
  mute(): Promise<void>;
  /** The page hears what is said again. */
  unmute(): Promise<void>;
  /** Refuses the microphone, before the page is opened or later. What is open is ended. */
  deny(): Promise<void>;
  /** Takes that back. The page has to ask again. */
  allow(): Promise<void>;
}

/** What a test gets. */
export interface UnderstudyFixtures {
  /** The options of the fake; `test.use({ fakeOptions: { … } })` changes them for a file or a `describe`. */
  readonly fakeOptions: MockServerOptions;
  /** A fake on a free port. It is stopped when the test is over. */
  readonly fake: MockServer;
  /** What the page hears as its microphone. A test that asks for it has it before its page is opened. */
  readonly microphone: Microphone;
}

/** Playwright's `test` with a `fake` and a `microphone`. */
export const test = base.extend<UnderstudyFixtures>({
  fakeOptions: [{}, { option: true }],
  fake: async ({ fakeOptions }, use) => {
    const fake = await startMockServer(fakeOptions);
    try {
      await use(fake);
    } finally {
      await fake.stop();
    }
  },
  microphone: async ({ page, context, actionTimeout }, use) => {
    await context.addInitScript({ content: microphoneScript });
    await use(microphoneOf(page, actionTimeout === 0 ? OPENED_WITHIN_MS : actionTimeout));
  },
});

type Switch = 'mute' | 'unmute' | 'deny' | 'allow';

function microphoneOf(page: Page, openedWithinMs: number): Microphone {
  // A page that is opened later, or again, starts with the switches as the test has left them. The order in which the
  // scripts of a context and of its page run is not defined, so each brings the microphone with it.
  const turn = async (name: Switch) => {
    await page.addInitScript(`${microphoneScript}\nunderstudyMicrophone.${name}();`);
    await page.evaluate(`globalThis.understudyMicrophone?.${name}()`);
  };
  return {
    async say(file, given = {}) {
      const mistake = mistakeInWait('say()', given, ['timeoutMs']);
      if (mistake !== undefined) throw mistake;
      const { timeoutMs = openedWithinMs } = given;
      const audio = (await recording(file)).toString('base64');
      await opened(page, timeoutMs);
      await page.evaluate((base64) => understudyMicrophone.say(base64), audio);
    },
    mute: () => turn('mute'),
    unmute: () => turn('unmute'),
    deny: () => turn('deny'),
    allow: () => turn('allow'),
  };
}

const WHY_NOT: Readonly<Record<PageMicrophone['state'] | 'missing', string>> = {
  open: 'The page is too slow',
  closed: 'The page does not ask for the microphone',
  blocked:
    'The browser keeps sound back until the user has clicked or pressed a key in the page. If the page listens without ' +
    'that, launch Chromium with --autoplay-policy=no-user-gesture-required',
  denied: 'The microphone is denied',
  insecure: 'A page has a microphone only if it comes from https: or localhost',
  missing: 'No page is open that could listen',
};

async function opened(page: Page, timeoutMs: number): Promise<void> {
  try {
    await page.waitForFunction('globalThis.understudyMicrophone?.state === "open"', undefined, {
      timeout: timeoutMs,
    });
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    const state = await page.evaluate<PageMicrophone['state'] | 'missing'>(
      'globalThis.understudyMicrophone?.state ?? "missing"',
    );
    throw new Error(`The microphone was not heard within ${timeoutMs} ms: ${WHY_NOT[state]}.`);
  }
}
