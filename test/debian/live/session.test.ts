import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import '../../support/warm.ts';
import { silence } from '../../support/audio.ts';
import { dial } from '../../support/reson8.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';
import { launchSilentChromium } from '../browsers/chromium.ts';
import { faultsIn, isLive, line, open, overflow, SOON } from '../browsers/live-page.ts';

let browser: Browser;
beforeAll(async () => void (browser = await launchSilentChromium()));
afterAll(() => browser.close());

describe('one session', () => {
  it('shows its frames as they come, and one of them in full', async () => {
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

  it('draws few of many frames, follows them, and stays where its reader is', async () => {
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
    expect(await page.locator('.filters .status').innerText()).toMatch(
      /^10000 of 12002 frames; the first 2002 /,
    );

    const list = page.getByRole('listbox');
    await page.evaluate('document.querySelector(".rows").scrollTop = 1000');
    await page.getByRole('button', { name: 'To the end' }).waitFor(SOON);
    const before = await frames.first().innerText();
    session.send('one more');
    await expect.poll(() => page.locator('.filters .status').innerText(), SOON).toContain('12003');
    const moved = await page.evaluate<number>('document.querySelector(".rows").scrollTop');
    expect(moved).toBeLessThanOrEqual(1000);
    expect(before).toContain('message');

    await page.getByRole('button', { name: 'To the end' }).click();
    await frames.filter({ hasText: 'one more' }).waitFor(SOON);
    await list.focus();
    await page.keyboard.press('End');
    expect(await page.locator('.detail pre').innerText()).toBe('one more');
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('.detail pre').innerText()).toBe('message 11999');
  });

  it('is held, let go, sent to and closed with buttons', async () => {
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
    await press('Let all go');
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

  it('shows texts of strangers as texts', async () => {
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

  it('says so when there is none', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/sessions/s9');

    await opened.page.getByText(/Unknown session/).waitFor(SOON);
  });

  it('is saved as a trace', async () => {
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
  it('gives scenarios to tokens and to all', async () => {
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
    await page.getByText('Now: every connection lives as documented.').waitFor(SOON);
    client.close();
    other.close();
  });

  it('changes the service, moves the clock and is reset', async () => {
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
  'these views have no serious fault for people who cannot see or use a mouse: $colorScheme, $width pixels wide',
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
      expect([hash, await faultsIn(page)]).toEqual([hash, []]);
      expect([hash, await overflow(page)]).toEqual([hash, 0]);
    }
    client.close();
  },
);
