import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import '../../support/warm.ts';
import { silence } from '../../support/audio.ts';
import { dial } from '../../support/reson8.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';
import { launchSilentChromium } from '../browsers/chromium.ts';
import { isLive, line, open, SOON } from '../browsers/live-page.ts';
import { barriersIn, overflow } from '../browsers/watched.ts';

let browser: Browser;
beforeAll(async () => void (browser = await launchSilentChromium()));
afterAll(() => browser.close());

/** The text about the number of frames. */
const status = (page: Page) => page.locator('.filters .status').innerText();
/** Scrolls to this many pixels below the first frame. */
const scroll = (page: Page, px: number) => page.evaluate(`document.querySelector('.rows').scrollTop = ${px}`);

describe('one session', () => {
  it('shows its frames as they arrive, and one of them in full', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await using opened = await open(browser, fake);
    const { page, faults } = opened;
    await line(page, 's1').getByRole('link').click();
    const frames = page.getByRole('option');
    await frames.filter({ hasText: '{"state":"listening"}' }).waitFor(SOON);
    await client.sendAudio(silence(100));
    await frames.filter({ hasText: 'binary' }).first().waitFor(SOON);
    await frames.filter({ hasText: '{"state":"listening"}' }).click();

    expect(await page.locator('.detail pre').innerText()).toBe('{\n  "state": "listening"\n}');
    expect(await page.getByRole('button', { name: 'Copy as scenario step' }).isVisible()).toBe(true);
    expect(JSON.stringify(await page.locator('.summary').allInnerTexts())).not.toContain('some-token');

    await page.getByRole('button', { name: 'From the client' }).click();
    expect(await frames.filter({ hasText: 'listening' }).count()).toBe(0);
    client.send({ action: 'stop' });
    await page.getByText('1000 normal end').waitFor(SOON);
    expect(faults).toEqual([]);
  });

  it('draws a few of many frames, follows them, and does not move while its reader looks at earlier ones', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const session = await fake.nextSession();
    for (let i = 0; i < 12_000; i++) session.send(`message ${i}`);
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page } = opened;
    const frames = page.getByRole('option');
    await frames.filter({ hasText: 'message 11999' }).waitFor(SOON);

    expect(await frames.count()).toBeLessThan(100);
    expect(await status(page)).toBe('12002 frames');

    const list = page.getByRole('listbox');
    await scroll(page, 1000);
    await page.getByRole('button', { name: 'To the end' }).waitFor(SOON);
    const read = frames.filter({ hasText: 'message 30' }).first();
    await read.waitFor(SOON);
    const before = await read.boundingBox();
    session.send('one more');
    await expect.poll(() => status(page), SOON).toContain('12003');
    expect(await read.boundingBox()).toEqual(before);

    await page.getByRole('button', { name: 'To the end' }).click();
    await frames.filter({ hasText: 'one more' }).waitFor(SOON);
    await list.focus();
    await page.keyboard.press('End');
    expect(await page.locator('.detail pre').innerText()).toBe('one more');
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('.detail pre').innerText()).toBe('message 11999');
  });

  it('of 50,000 frames can be read from the last to the first one, and searched', async () => {
    // Pings are frames, too.
    await using fake = await startMockServer({ pingMs: 3_600_000 });
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const session = await fake.nextSession();
    for (let i = 0; i < 49_998; i++) session.send(`message ${i}`);
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page, requests, faults } = opened;
    const frames = page.getByRole('option');
    await frames.filter({ hasText: 'message 49997' }).waitFor(SOON);
    expect(await status(page)).toBe('50000 frames');
    const parts = () => requests.filter((url) => url.includes('count=')).length;
    expect(parts()).toBe(0);

    await page.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    await frames.filter({ hasText: 'GET /v1/speech-to-text/realtime' }).waitFor(SOON);
    await expect.poll(() => page.locator('.detail pre').innerText(), SOON).toContain('"kind": "request"');
    for (let i = 0; i < 5; i++) await page.keyboard.press('PageDown');
    await frames.filter({ hasText: 'message 40' }).first().waitFor(SOON);
    // One block, and not everything in between.
    expect(parts()).toBe(1);
    await scroll(page, 20_000 * 32);
    await frames.filter({ hasText: 'message 20003' }).waitFor(SOON);

    await page.getByLabel('Filter frames by text').fill('message 77');
    await expect.poll(() => status(page), SOON).toBe('111 of 50000 frames');
    await scroll(page, 0);
    await frames.first().click();
    expect(await page.locator('.detail pre').innerText()).toBe('message 77');

    await page.getByLabel('Filter frames by text').fill('');
    await frames.filter({ hasText: 'message 77' }).first().waitFor(SOON);
    expect(await page.locator('.detail pre').innerText()).toBe('message 77');
    expect(faults).toEqual([]);
  });

  it('shows an early frame of many if the address names it', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const session = await fake.nextSession();
    for (let i = 0; i < 12_000; i++) session.send(`message ${i}`);
    await using opened = await open(browser, fake, '#/sessions/s1/1002');
    const { page } = opened;

    await page.locator('.frame[aria-selected=true]').filter({ hasText: 'message 1000' }).waitFor(SOON);
    await expect.poll(() => page.locator('.detail pre').innerText(), SOON).toBe('message 1000');
  });

  it('can be held, released, sent to and closed with buttons', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const session = await fake.nextSession();
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page } = opened;
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    await press('Hold');
    await page.getByText('Messages of the fake are held').waitFor(SOON);
    client.send({ action: 'stop' });
    await session.received('stop');
    await press('Release all');
    await client.closed;

    await using other = await microphone(fake);
    await page.goto(`${fake.urls.control}/#/sessions/s2`);
    await page.getByLabel('Message to send').fill('{"hello":1}');
    await press('Send');
    await other.next(({ text }) => text === '{"hello":1}');
    await page.getByLabel('Code', { exact: true }).fill('5');
    await press('Close');
    await page.getByText('cannot be sent in a Close frame').waitFor(SOON);
    await page.getByLabel('Code', { exact: true }).fill('4000');
    await press('Close');
    expect((await other.closed).code).toBe(4000);

    await using third = await microphone(fake);
    await page.goto(`${fake.urls.control}/#/sessions/s3`);
    await press('Reset TCP');
    expect((await third.closed).code).toBe(1006);
  });

  it('has buttons to drop and replace single held messages', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page, faults } = opened;
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    await press('Hold');
    await page.getByText('Messages of the fake are held').waitFor(SOON);
    for (const id of ['first', 'second', 'third']) client.send({ type: 'flush_request', id });
    const held = page.locator('.held li');
    await expect.poll(() => held.count(), SOON).toBe(3);
    expect(await held.nth(1).innerText()).toContain('second');

    await held.nth(1).getByRole('button', { name: /^Drop/ }).click();
    await page.getByText('It was dropped').waitFor(SOON);
    await expect.poll(() => held.count(), SOON).toBe(2);
    await page.getByLabel('Message to send').fill('{"hello":1}');
    await held
      .first()
      .getByRole('button', { name: /^Replace/ })
      .click();
    await page.getByText('It was replaced').waitFor(SOON);
    await expect.poll(() => held.first().innerText(), SOON).toContain('{"hello":1}');

    // The buttons also fit into a narrow window.
    await page.setViewportSize({ width: 390, height: 800 });
    const box = await held.first().getByRole('button', { name: /^Drop/ }).boundingBox();
    expect((box?.x ?? 390) + (box?.width ?? 0)).toBeLessThan(390);
    await press('Release one');
    await client.next(({ text }) => text === '{"hello":1}', 'what replaced the first one');
    await expect.poll(() => held.count(), SOON).toBe(1);
    await press('Release all');
    await client.next(({ text }) => text.includes('third'), 'the third one');
    await expect.poll(() => held.count(), SOON).toBe(0);
    const said = JSON.stringify(
      fake
        .session('s1')
        ?.trace()
        .filter((event) => event.kind === 'text' && event.from === 'server'),
    );
    expect(said).not.toMatch(/first|second/);
    expect(faults).toEqual([]);
  });

  it('shows texts of clients as text, even if they are markup', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const session = await fake.nextSession();
    session.send('<img src=x onerror=alert(1)>\u202eabc');
    session.send(`{"x":"${'y'.repeat(900_000)}"}`);
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page, faults } = opened;
    const frames = page.getByRole('option');
    await frames.filter({ hasText: '<img src=x onerror=alert(1)>\\u{202e}abc' }).click(SOON);
    expect(await page.locator('main img').count()).toBe(0);

    await frames.filter({ hasText: 'yyyy' }).click();
    expect(await page.locator('.detail pre').innerText()).toMatch(/more characters$/);
    expect(await overflow(page)).toBe(0);
    expect(faults).toEqual([]);
  });

  it('that does not exist is reported', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/sessions/s9');

    await opened.page.getByText(/Unknown session/).waitFor(SOON);
  });

  it('is gone after a restart of the fake, and calls in the meantime report that it does not answer', async () => {
    const first = await startMockServer();
    const port = Number(new URL(first.urls.url).port);
    await using client = await microphone(first);
    await using opened = await open(browser, first, '#/sessions/s1');
    const { page } = opened;
    await page.getByRole('option').filter({ hasText: 'listening' }).waitFor(SOON);
    await first.stop();
    await page.getByText('No connection').waitFor(SOON);
    await page.getByRole('button', { name: 'Save the trace' }).click();
    await page.getByText('The fake does not answer.').first().waitFor(SOON);
    client.close();

    await using second = await startMockServer({ port });
    await page.getByText(/Unknown session/).waitFor(SOON);
    expect(await page.getByRole('option').count()).toBe(0);
    await using other = dial(second.urls.reson8.realtime);
    await other.open;
  });

  it('can be saved as a trace', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page } = opened;
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the trace' }).click();

    expect((await download).suggestedFilename()).toBe('s1.ndjson');
    client.close();
  });
});

describe('the whole fake', () => {
  it('can be given scenarios for tokens and for all', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/fake');
    const { page } = opened;
    await page.locator('.fake').getByLabel('Token', { exact: true }).fill('my-token');
    await page.getByLabel('Scenario of the token').selectOption('drop-mid-word');
    await page.getByRole('button', { name: 'Assign' }).click();
    await page.getByText('It is assigned').waitFor(SOON);
    await using client = await microphone(fake, { query: { token: 'my-token' } });
    expect((await fake.nextSession()).scenario).toBe('drop-mid-word');

    await page.getByLabel('New default scenario').selectOption('closed-with-1011');
    await page.getByText(/Now: .*scriptix: closed-with-1011/).waitFor(SOON);
    await using other = await microphone(fake);
    expect((await fake.nextSession()).scenario).toBe('closed-with-1011');

    await page.getByRole('button', { name: 'None' }).click();
    await page.getByText('Now: every connection behaves as documented.').waitFor(SOON);
    client.close();
    other.close();
  });

  it('can have its service changed, its clock advanced, and be reset', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using opened = await open(browser, fake, '#/fake');
    const { page, faults } = opened;
    await page.getByText('scaled_down').click();
    await expect.poll(() => fake.service.status, SOON).toBe('scaled_down');
    await page.getByLabel('Milliseconds').fill('2500');
    await page.getByRole('button', { name: 'Forward' }).click();
    await page.getByText('It stands at 2500 ms.').waitFor(SOON);
    expect(fake.clock.now()).toBe(2500);

    await page.getByRole('button', { name: 'Reset everything' }).click();
    await expect.poll(() => fake.service.status, SOON).toBe('ready');
    expect(faults).toEqual([]);
  });
});

const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [390, 1280].map((width) => ({
    colorScheme,
    width,
    look: { colorScheme, viewport: { width, height: 800 } },
  })),
);

it.each(LOOKS)(
  'these views have no serious accessibility faults, $colorScheme and $width pixels wide',
  async ({ look }) => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    for (const hash of ['#/sessions/s1', '#/fake']) {
      await using opened = await open(browser, fake, hash, look);
      const { page } = opened;
      await isLive(page);
      await page
        .locator(hash === '#/fake' ? '.part' : '.frame')
        .first()
        .waitFor(SOON);
      expect([hash, await barriersIn(page)]).toEqual([hash, []]);
      expect([hash, await overflow(page)]).toEqual([hash, 0]);
    }
    client.close();
  },
);
