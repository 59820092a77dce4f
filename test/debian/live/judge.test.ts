import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../support/programs/judge.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import '../../support/warm.ts';
import { control } from '../../support/clients/control.ts';
import { dial } from '../../support/reson8.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';
import { launchSilentChromium } from '../browsers/chromium.ts';
import { open, SOON } from '../browsers/live-page.ts';
import { barriersIn, overflow } from '../browsers/watched.ts';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchSilentChromium();
  folder = await mkdtemp(join(tmpdir(), 'judge-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** A fake with a session in which the server sent something undocumented. */
async function fakeWithMistake() {
  const fake = await startMockServer({ judge });
  await using client = await microphone(fake);
  fake.session('s1')?.send({ text: 'so', is_final: '<b>dancing</b>', offset_ms: 0 });
  client.send({ action: 'stop' });
  await client.closed;
  return fake;
}

describe('the verdicts on the live page', () => {
  it.each([1280, 390])('on a session lead to their proof, %i pixels wide', async (width) => {
    await using fake = await fakeWithMistake();
    await using opened = await open(browser, fake, '#/sessions/s1', { viewport: { width, height: 800 } });
    const { page, faults } = opened;
    await page.getByRole('link', { name: 'Judge', exact: true }).last().click(SOON);
    const broken = page.locator('.verdicts li').first();
    await broken.getByText('Broken').waitFor(SOON);
    const words = await broken.innerText();

    expect(words).toMatch(/SX-[A-Z]+-\d+/);
    expect(words).toMatch(/S\d:\d+/);
    expect(words).toContain('<b>dancing</b>');
    expect(await barriersIn(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);

    await page.getByRole('button', { name: /^Kept/ }).click();
    expect(await page.locator('.verdicts li').count()).toBeGreaterThan(3);
    await page.getByRole('button', { name: /^Kept/ }).click();
    await broken.getByRole('link').first().click();
    await page.locator('.frame[aria-selected=true]').filter({ hasText: 'dancing' }).waitFor(SOON);
    expect(faults).toEqual([]);
  });

  it('can be on a file that is opened or dropped, whose mistakes are shown', async () => {
    await using fake = await fakeWithMistake();
    const trace = (await control(fake, 'GET sessions/s1/trace')).text;
    const path = join(folder, 'recorded.ndjson');
    await writeFile(path, trace);
    await using opened = await open(browser, fake, '#/judge');
    const { page } = opened;
    await page.getByLabel('Open a file').setInputFiles(path);
    await page.getByRole('heading', { name: 'Verdicts on recorded.ndjson' }).waitFor(SOON);
    await page.locator('.verdicts').getByText('Broken').first().waitFor(SOON);

    const drop = (name: string, content: string) =>
      page.evaluate(`(() => {
        const data = new DataTransfer();
        data.items.add(new File([${content}], ${JSON.stringify(name)}));
        document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
      })()`);
    await page.getByRole('link', { name: 'Speak', exact: true }).click();
    await drop('broken.ndjson', '"no trace"');
    await page.getByText(/file:1:1/).waitFor(SOON);
    await drop('picture.png', '"x"');
    await page.getByText('A trace ends in .ndjson').waitFor(SOON);
    await drop('long.har', 'new Uint8Array(17 * 2 ** 20)');
    await page.getByText('conformance trace FILE').waitFor(SOON);
    await drop('recorded.ndjson', JSON.stringify(trace));
    await page.locator('.verdicts').getByText('Broken').first().waitFor(SOON);
  });

  it('are for the side, the edition and the deviations that the user chooses', async () => {
    await using fake = await startMockServer({ judge });
    await using client = dial(fake.urls.reson8.realtime, 'include_words=true');
    await client.open;
    const words = [{ text: 'so', confidence: -0.5 }];
    fake.session('s1')?.send({ type: 'transcript', text: 'so', words });
    await using opened = await open(browser, fake, '#/judge/s1');
    const { page, faults } = opened;
    const verdicts = page.locator('.verdicts li');
    const broken = verdicts.filter({ hasText: 'R8-W-006' });
    await broken.getByText('Broken').waitFor(SOON);
    const ofClient = verdicts.getByText(/, client,/);
    expect(await ofClient.count()).toBeGreaterThan(0);

    await page.getByRole('radio', { name: 'Both' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => ofClient.count(), SOON).toBe(0);
    await broken.getByText('Broken').waitFor(SOON);

    await page.getByLabel(/^reson8-confidence-logprob/).check();
    await broken.getByText('Excused').waitFor(SOON);
    await page.getByLabel(/^reson8-confidence-logprob/).uncheck();
    await broken.getByText('Broken').waitFor(SOON);

    await page.locator('.terms').getByLabel('Edition').selectOption('reson8=2026-08');
    await expect.poll(() => opened.requests.at(-1), SOON).toContain('edition=reson8%3D2026-08');
    await expect.poll(() => page.getByText('It is being judged').count(), SOON).toBe(0);
    expect(await page.locator('.error').count()).toBe(0);
    expect(await barriersIn(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('do not exist if the fake has no judges', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    client.close();
    await using opened = await open(browser, fake, '#/judge/s1');
    await opened.page.getByText('understudy serve has them').waitFor(SOON);
  });
});
