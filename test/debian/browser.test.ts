import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../support/audio.ts';
import { serve, type ServedFake } from '../support/programs/program.ts';
import { CHROMIUM, launchChromium, openWindow } from './browsers/chromium.ts';
import { serveWeb, type Web } from './web.ts';

let fake: ServedFake;
let web: Web;
let browser: Browser;
let window: BrowserContext;
beforeAll(async () => {
  fake = await serve('--key', 'any', '--key', 'guest:user', '--speed', '2');
  web = await serveWeb();
  browser = await launchChromium('en-appointment.wav', CHROMIUM);
  window = await openWindow(browser);
});
afterAll(async () => {
  await browser.close();
  await web[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

/** The pages of one test, and their errors. */
const pages: Page[] = [];
let faults: string[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
  expect(faults).toEqual([]);
  faults = [];
});

/** Collects every text that an element shows in `window.shown`. */
const WATCH = `
  window.shown = {};
  document.addEventListener('DOMContentLoaded', () => {
    for (const element of document.querySelectorAll('[id]')) {
      const texts = (window.shown[element.id] = []);
      new MutationObserver(() => texts.push(element.textContent)).observe(element, { childList: true });
    }
  });
`;

async function open(name: string, settings: Readonly<Record<string, string>>): Promise<Page> {
  const page = await window.newPage();
  pages.push(page);
  page.on('pageerror', (error) => faults.push(error.message));
  await page.addInitScript(WATCH);
  await page.goto(`${web.origin}/pages/${name}?${new URLSearchParams(settings).toString()}`);
  return page;
}

/** The texts that an element has shown so far, in order. */
async function shown(page: Page, id: string): Promise<readonly string[]> {
  return await page.evaluate<string[]>(`window.shown[${JSON.stringify(id)}]`);
}

async function closed(page: Page): Promise<unknown> {
  const element = page.locator('#closed');
  await element.filter({ hasText: 'code' }).waitFor();
  return JSON.parse(await element.innerText());
}

function scriptixPage(token: string, source = ''): Promise<Page> {
  const { realtime: microphone, stream } = fake.urls.scriptix;
  return open('scriptix.html', { microphone, stream, token, source });
}

function reson8Page(token: string): Promise<Page> {
  return open('reson8.html', { realtime: fake.urls.reson8.realtime, token });
}

const finalsOf = (page: Page) => page.locator('#finals li').allInnerTexts();
const wordsOf = (texts: readonly string[]) =>
  texts
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '');

/** Expects partials that replaced each other: they grew, and none was longer than the final text. */
function expectReplaced(partials: readonly string[], finals: readonly string[]): void {
  const texts = partials.filter((text) => text !== '');
  expect(texts.length).toBeGreaterThan(5);
  for (const text of texts) {
    expect(finals.some((final) => final.trim().startsWith(text.slice(0, text.lastIndexOf(' ') + 1)))).toBe(
      true,
    );
  }
}

describe('Scriptix from a page of another origin', () => {
  it('with the microphone, partials replace each other, finals stay, and the end is clean', async () => {
    const page = await scriptixPage('any');
    await page.click('#microphone');
    // The pause in the recording ends the first segment.
    await page.locator('#finals li').first().waitFor();
    await page
      .locator('#partial')
      .filter({ hasText: /\S+ \S+ \S+/ })
      .waitFor();
    await page.click('#stop');

    expect(await closed(page)).toEqual({ code: 1000, reason: '', wasClean: true });
    expect(await shown(page, 'state')).toEqual(['loading', 'listening', 'stopped']);

    const finals = await finalsOf(page);
    expect(finals).toHaveLength(2);
    expect(wordsOf(finals).length).toBeGreaterThan(8);
    expectReplaced(await shown(page, 'partial'), finals);
    expect(await page.locator('#partial').innerText()).toBe('');
    expect(await shown(page, 'error')).toEqual([]);
  });

  it('a stream that the fake fetches gives the words of the recording', async () => {
    const page = await scriptixPage('any', `${web.origin}/audio/en-appointment.mp3?sv=1&sig=a%2Bb`);
    await page.click('#stream');
    await page.locator('#partial').filter({ hasText: /\S/ }).waitFor();

    expect(await closed(page)).toEqual({ code: 1000, reason: '', wasClean: true });
    expect(await shown(page, 'state')).toEqual(['loading', 'listening']);

    const finals = await finalsOf(page);
    expect(wordsOf(finals).join(' ')).toBe(fixture('en-appointment.mp3').text);
    expectReplaced(await shown(page, 'partial'), finals);
    expect(web.fetched).toEqual(['/audio/en-appointment.mp3?sv=1&sig=a%2Bb']);
  });

  it('a stream that cannot be fetched gives an error that the page can show', async () => {
    const page = await scriptixPage('any', `${web.origin}/audio/none.mp3`);
    await page.click('#stream');

    expect(await closed(page)).toEqual({ code: 1000, reason: '', wasClean: true });
    expect(await page.locator('#error').innerText()).toMatch(/^Invalid stream: .*404/);
    expect(await finalsOf(page)).toEqual([]);
  });

  it('a refused token gives a bare error and 1006 without a status', async () => {
    const page = await scriptixPage('nobody');
    await page.click('#microphone');

    expect(await closed(page)).toEqual({ code: 1006, reason: '', wasClean: false });
    expect(await page.locator('#error').innerText()).toBe('error undefined');
  });
});

describe('Reson8 from a page of another origin', () => {
  it('with samples and the bearer subprotocol, interims replace each other, and a flush is confirmed', async () => {
    const page = await reson8Page('any');
    await page.click('#samples');
    await page.locator('#finals li').first().waitFor();
    await page
      .locator('#interim')
      .filter({ hasText: /\S+ \S+ \S+/ })
      .waitFor();
    await page.click('#stop');

    expect(await closed(page)).toEqual({ code: 1000, reason: '', wasClean: true, protocol: 'bearer' });
    expect(await page.locator('#confirmed').innerText()).toBe('last words');

    const finals = await finalsOf(page);
    expect(finals).toHaveLength(2);
    expect(wordsOf(finals).length).toBeGreaterThan(8);
    expectReplaced(await shown(page, 'interim'), finals);
    expect(await shown(page, 'error')).toEqual([]);
  });

  it('the WebM chunks of a MediaRecorder give words, and a flush is confirmed', async () => {
    const page = await reson8Page('any');
    await page.click('#recorder');
    await page
      .locator('#interim')
      .filter({ hasText: /\S+ \S+ \S+/ })
      .waitFor();
    await page.click('#stop');

    expect(await closed(page)).toEqual({ code: 1000, reason: '', wasClean: true, protocol: 'bearer' });
    expect(await page.locator('#confirmed').innerText()).toBe('last words');

    const finals = await finalsOf(page);
    expect(wordsOf(finals).length).toBeGreaterThan(2);
    expect(Number(await page.locator('#sent').innerText())).toBeGreaterThan(3);
    expect(await shown(page, 'error')).toEqual([]);
  });

  it('a refused token gives a bare error and 1006 without a status', async () => {
    const page = await reson8Page('nobody');
    await page.click('#samples');

    expect(await closed(page)).toEqual({ code: 1006, reason: '', wasClean: false, protocol: '' });
    expect(await page.locator('#error').innerText()).toBe('error undefined');
  });
});

describe('the REST API from a page of another origin', () => {
  /** What fetch returns to the page, or how it fails. */
  async function ask(page: Page, path: string, options: object): Promise<unknown> {
    const [url, init] = [`${fake.urls.scriptix.api}/${path}`, options].map((value) => JSON.stringify(value));
    return await page.evaluate(
      `fetch(${url}, ${init}).then(
        async (answer) => ({ status: answer.status, body: await answer.json() }),
        (error) => ({ failed: String(error) }),
      )`,
    );
  }

  it.each([
    ['GET', 'status', 'any', 200, { status: 'ready', ready: true }],
    ['GET', 'status', 'guest', 200, { status: 'ready', ready: true }],
    ['POST', 'initialize', 'any', 200, { status: 'ready', ready: true }],
    ['POST', 'initialize', 'guest', 403, { detail: 'Not enough permissions' }],
    ['GET', 'status', 'nobody', 401, { detail: 'Not authenticated' }],
  ])('%s %s with the key %s gives the page %i', async (method, path, key, status, body) => {
    const page = await scriptixPage('any');
    const headers = { 'x-zoom-s2t-key': key, 'content-type': 'application/json' };
    expect(await ask(page, path, { method, headers })).toMatchObject({ status, body });
  });

  it('the page can connect to the endpoint in the answer', async () => {
    const page = await scriptixPage('any');
    const answer = await ask(page, 'status', { headers: { 'x-zoom-s2t-key': 'any' } });
    const { endpoint } = (answer as { body: { endpoint: string } }).body;
    const opened = await page.evaluate(
      `new Promise((resolve) => {
        const ws = new WebSocket(${JSON.stringify(endpoint)} + '?token=any');
        ws.onopen = () => resolve('open');
        ws.onclose = ({ code }) => resolve(code);
      })`,
    );

    expect(opened).toBe('open');
  });

  it('a header that the fake does not allow makes the browser block the call', async () => {
    const page = await scriptixPage('any');
    const headers = { 'x-zoom-s2t-key': 'any', 'x-other': '1' };

    expect(await ask(page, 'status', { headers })).toMatchObject({
      failed: expect.stringMatching(/fetch/i) as string,
    });
  });
});
