import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microphoneScript, recording, type PageMicrophone } from '../../src/microphone.ts';
import { pageText } from '../support/programs/page.ts';
import { PAGE } from './browsers/listening-page.ts';
import { CHROMIUM, launchSilentChromium, openWindow } from './browsers/chromium.ts';

/** What Cypress does: the page is in a frame, and its window is passed to a callback before the scripts of the page run. */
const FRAMING = `<!doctype html><title>Drives</title><iframe src="/framed" width="600" height="300"></iframe>`;
const FRAMED = PAGE.replace('<script>', '<script>parent.onBeforeLoad(window)</script><script>');

let site: Server;
let browser: Browser;
let window: BrowserContext;
let origin: string;
beforeAll(async () => {
  const pages: Readonly<Record<string, string>> = { '/framing': FRAMING, '/framed': FRAMED };
  site = createServer(({ url = '' }, response) => {
    response.setHeader('content-type', 'text/html').end(pages[url] ?? PAGE);
  });
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  browser = await launchSilentChromium(CHROMIUM);
  window = await openWindow(browser);
});
afterAll(async () => {
  await browser.close();
  site.close();
});

type Does = 'mute' | 'unmute' | 'deny' | 'allow';

const stateOf = (page: Page) => page.evaluate<PageMicrophone['state']>('understudyMicrophone.state');
const does = (page: Page, name: Does) => page.evaluate(`understudyMicrophone.${name}()`);
const isLoud = (page: Page) => page.waitForFunction('loudness() > 0.05');
const isSilent = (page: Page) => page.waitForFunction('loudness() === 0');

async function newPage(address = origin): Promise<Page> {
  const page = await window.newPage();
  await page.addInitScript({ content: microphoneScript });
  await page.goto(address);
  return page;
}

/** Starts to play a recording, and counts in the page how many have ended. */
async function say(page: Page, bytes: Buffer): Promise<void> {
  await page.evaluate(`
    globalThis.saidCount ??= 0;
    understudyMicrophone
      .say('${bytes.toString('base64')}')
      .then(() => (saidCount += 1), (error) => (globalThis.failure = error.message));
    undefined;
  `);
}

describe('the microphone of a page', () => {
  it('plays a recording once the page listens, and is silent before and after', async () => {
    await using page = await newPage();
    await say(page, await recording('en-appointment.wav'));
    expect(await stateOf(page)).toBe('closed');

    await page.click('button');

    await isLoud(page);
    expect(await stateOf(page)).toBe('open');

    await page.waitForFunction('saidCount === 1');
    await isSilent(page);
  });

  it('plays one recording after another', async () => {
    await using page = await newPage();
    await page.click('button');
    const wav = await recording('nl-afspraak.mp3');
    await say(page, wav);
    await say(page, wav);

    await page.waitForFunction('saidCount === 1');
    await isLoud(page);
    await page.waitForFunction('saidCount === 2');
  });

  it('is silent while it is muted', async () => {
    await using page = await newPage();
    await page.click('button');
    await does(page, 'mute');
    await say(page, await recording('en-appointment.wav'));
    await page.waitForFunction('understudyMicrophone.state === "open"');
    await isSilent(page);
    await does(page, 'unmute');

    await isLoud(page);
    await does(page, 'mute');
    await isSilent(page);
  });

  it('is refused while it is denied, and open microphones have ended', async () => {
    await using page = await newPage();
    await page.click('button');
    await page.waitForFunction('understudyMicrophone.state === "open"');
    const permission = () =>
      page.evaluate('navigator.permissions.query({ name: "microphone" }).then(({ state }) => state)');

    expect(await permission()).toBe('granted');

    await does(page, 'deny');

    await page.waitForFunction('ended === true');
    expect(await permission()).toBe('denied');

    await page.click('button');
    await page.waitForFunction('error === "NotAllowedError"');
    expect(await stateOf(page)).toBe('denied');

    await does(page, 'allow');
    await page.click('button');
    await page.waitForFunction('understudyMicrophone.state === "open"');
  });

  it('is the only microphone in the list of devices', async () => {
    await using page = await newPage();
    const labels = await page.evaluate(`navigator.mediaDevices.enumerateDevices().then((devices) =>
      devices.filter(({ kind }) => kind === 'audioinput').map(({ label }) => label))`);

    expect(labels).toEqual(['Understudy microphone']);
  });

  it('leaves a camera to the browser', async () => {
    await using page = await newPage();
    const name = await page.evaluate(
      'navigator.mediaDevices.getUserMedia({ video: true }).catch(({ name }) => name)',
    );

    expect(name).toBe('NotFoundError');
  });

  it('refuses a file that is not a recording, and plays the next one', async () => {
    await using page = await newPage();
    await page.click('button');
    await say(page, Buffer.from('this is not a recording'));
    await page.waitForFunction('globalThis.failure !== undefined');

    expect(await page.evaluate('failure')).toContain('cannot decode');

    await say(page, await recording('en-appointment.wav'));

    await isLoud(page);
  });

  it('is blocked until the user has done something in the page', async () => {
    await using page = await newPage(`${origin}/#at-once`);
    expect(await stateOf(page)).toBe('blocked');

    await page.mouse.click(200, 200);

    await page.waitForFunction('understudyMicrophone.state === "open"');
  });

  it('does not exist on a page from an insecure origin', async () => {
    await using page = await newPage('data:text/html,<title>None</title>');

    expect(await stateOf(page)).toBe('insecure');
  });
});

it('an unknown recording is refused with the names of the known ones', async () => {
  await expect(recording('en-dinner.wav')).rejects.toThrow(
    /^en-dinner\.wav: the recording cannot be read: .*en-appointment\.wav/,
  );
});

it('a page in a frame hears what another window plays into it, as in the sample for Cypress', async () => {
  const sample = /cy\.readFile[^`]*/.exec(pageText('docs/in-your-tests.md'))?.[0] ?? '';
  for (const part of ['(win) => win.eval(script)', '(win) => win.understudyMicrophone.say(audio)'])
    expect(sample).toContain(part);

  await using page = await window.newPage();
  await page.addInitScript(
    `globalThis.onBeforeLoad = (win) => win.eval(${JSON.stringify(microphoneScript)});`,
  );
  await page.goto(`${origin}/framing`);
  await page.frameLocator('iframe').locator('button').click();
  const audio = (await recording('nl-afspraak.mp3')).toString('base64');
  await page.evaluate(`{
    const win = document.querySelector('iframe').contentWindow;
    win.understudyMicrophone.say('${audio}').then(() => (globalThis.isSaid = true));
    undefined;
  }`);

  await page.waitForFunction('document.querySelector("iframe").contentWindow.loudness() > 0.05');
  await page.waitForFunction('globalThis.isSaid');
});

it('the sample for other tools plays a recording', async () => {
  const [, sample = ''] =
    /```js\nimport .* from 'asr-understudy\/microphone';\n([^`]*)```/.exec(
      pageText('docs/in-your-tests.md'),
    ) ?? [];
  await using page = await window.newPage();
  const puppeteer = {
    evaluateOnNewDocument: (content: string) => page.addInitScript({ content }),
    goto: () => page.goto(origin),
    click: (selector: string) => page.click(selector),
    evaluate: (...args: Parameters<Page['evaluate']>) => page.evaluate(...args),
  };
  const module = `export default async ({ microphoneScript, recording, page }) => {${sample}}`;
  const { default: run } = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as {
    default: (given: object) => Promise<void>;
  };
  await run({ microphoneScript, recording, page: puppeteer });

  expect(await stateOf(page)).toBe('open');
});
