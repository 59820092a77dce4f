import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microphoneScript, recording } from '../../../src/microphone.ts';
import type { DrivenBrowser } from './driven.ts';
import { startFirefox } from './firefox.ts';
import { PAGE } from './listening-page.ts';
import { startSound, type Sound } from './sound.ts';
import { startWebKit } from './webkit.ts';

/** How long a browser may take on a busy machine. */
const PATIENCE = { timeout: 60_000, interval: 100 };

let site: Server;
let sound: Sound;
let origin: string;
beforeAll(async () => {
  // A page may include the microphone itself if a tool cannot run scripts before those of the page.
  const own = PAGE.replace('<script>', '<script src="/microphone.js"></script><script>');
  site = createServer(({ url }, response) => {
    const isScript = url === '/microphone.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? microphoneScript : url === '/own' ? own : PAGE);
  });
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  sound = await startSound();
});
afterAll(async () => {
  await sound[Symbol.asyncDispose]();
  site.close();
});

describe.each([
  ['Firefox', '/', () => startFirefox(sound.env, microphoneScript)],
  ['WebKit', '/own', () => startWebKit(sound.env)],
])('the microphone of a page in %s', (_browser, path, start) => {
  let browser: DrivenBrowser;
  beforeAll(async () => void (browser = await start()));
  afterAll(() => browser[Symbol.asyncDispose]());

  const evaluate = (expression: string) => browser.page.evaluate(expression);
  const until = (expression: string) =>
    expect.poll(() => evaluate(`Boolean(${expression})`), { ...PATIENCE, message: expression }).toBe(true);
  const say = async (name: string) => {
    const audio = (await recording(name)).toString('base64');
    await evaluate(
      `(() => { understudyMicrophone.say('${audio}').then(() => (globalThis.isSaid = true)); })()`,
    );
  };

  it('plays a recording once the page listens, and is silent after it', async () => {
    await browser.open(origin + path);
    await say('nl-afspraak.mp3');
    expect(await evaluate('understudyMicrophone.state')).toBe('closed');

    await browser.page.click('button');

    await until('globalThis.loudness?.() > 0.05');
    expect(await evaluate('understudyMicrophone.state')).toBe('open');

    await until('globalThis.isSaid');
    await until('loudness() === 0');
  });

  it('is silent while it is muted', async () => {
    await browser.open(origin + path);
    await browser.page.click('button');
    await until('understudyMicrophone.state === "open"');
    await evaluate('understudyMicrophone.mute()');
    await say('en-appointment.wav');
    await until('globalThis.loudness?.() === 0');
    await evaluate('understudyMicrophone.unmute()');

    await until('loudness() > 0.05');
    await evaluate('understudyMicrophone.mute()');
    await until('loudness() === 0');
  });

  it('is refused while it is denied, and open microphones have ended', async () => {
    await browser.open(origin + path);
    await browser.page.click('button');
    await until('understudyMicrophone.state === "open" && globalThis.loudness');
    await evaluate('understudyMicrophone.deny()');
    await until('globalThis.ended');

    await browser.page.click('button');
    await until('globalThis.error === "NotAllowedError"');

    await evaluate('understudyMicrophone.allow()');
    await browser.page.click('button');
    await until('understudyMicrophone.state === "open"');
  });
});
