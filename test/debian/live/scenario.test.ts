import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import '../../support/warm.ts';
import { launchChromium } from '../browsers/chromium.ts';
import { isLive, open, SOON } from '../browsers/live-page.ts';
import { barriersIn, overflow } from '../browsers/watched.ts';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium('en-long.wav');
  folder = await mkdtemp(join(tmpdir(), 'scenario-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

const content = (page: Page) => page.locator('.cm-content');

/** Types a scenario. */
async function write(page: Page, text: string): Promise<void> {
  await content(page).waitFor(SOON);
  await content(page).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

const SCENARIO = 'dialect: scriptix\nsummary: It goes\nserver:\n  - open\n  - close: 1011\n';

describe('the editor of scenarios', () => {
  it('shows mistakes during typing, with their places and what was meant', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/scenario');
    const { page, faults } = opened;
    await page.getByText('No mistakes: a scenario for reson8.').waitFor(SOON);
    expect(await page.locator('.steps dt').count()).toBeGreaterThan(30);
    expect(await page.locator('.steps').innerText()).toContain('Lets time pass');

    await write(page, SCENARIO.replace('- open', '- opne'));
    await page.locator('.mistakes').getByText('did you mean').waitFor(SOON);
    expect(await page.locator('.mistakes').innerText()).toMatch(/Line 4[^]*server\[0\]/);
    expect(await page.locator('.cm-lintRange-error').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Try it' }).isDisabled()).toBe(true);

    await page.getByRole('button', { name: 'Line 4' }).click();
    await page.keyboard.press('End');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Backspace');
    await page.keyboard.type('open');
    await page.getByText('No mistakes: a scenario for scriptix.').waitFor(SOON);
    expect(await barriersIn(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('is loaded when it is opened, and keeps its text', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/sessions');
    const { page, requests } = opened;
    await isLive(page);
    expect(requests.filter((url) => url.includes('editor'))).toEqual([]);

    await page.getByRole('link', { name: 'Scenario', exact: true }).click();
    await write(page, SCENARIO);
    expect(requests.filter((url) => url.includes('editor'))).toHaveLength(1);
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await page.getByRole('link', { name: 'Scenario', exact: true }).click();
    expect(await content(page).innerText()).toContain('summary: It goes');
  });

  it('lets the user try a scenario by speaking', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/scenario');
    const { page } = opened;
    await isLive(page);
    await write(page, SCENARIO);
    await page.getByText('No mistakes: a scenario for scriptix.').waitFor(SOON);
    await page.getByRole('button', { name: 'Try it' }).click();

    await page.getByText('Closed with 1011').waitFor(SOON);
    expect(fake.session('s1')?.scenario).toBe('my-scenario');
  });

  it('saves a file if that is allowed, and replaces one only if told to', async () => {
    await using fake = await startMockServer({ scenarios: [folder], allowSave: true });
    await using opened = await open(browser, fake, '#/scenario');
    const { page } = opened;
    await write(page, SCENARIO);
    await page.getByText('No mistakes: a scenario for scriptix.').waitFor(SOON);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved as my-scenario.yaml').waitFor(SOON);
    expect(await readFile(join(folder, 'my-scenario.yaml'), 'utf8')).toBe(SCENARIO);

    await write(page, SCENARIO.replace('1011', '1012'));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('There is a file of this name already').waitFor(SOON);
    expect(await readFile(join(folder, 'my-scenario.yaml'), 'utf8')).toBe(SCENARIO);
    await page.getByRole('button', { name: 'Replace the file' }).click();
    await page.getByText('Saved as my-scenario.yaml').waitFor(SOON);
    expect(await readFile(join(folder, 'my-scenario.yaml'), 'utf8')).toContain('1012');

    await page.getByLabel('Name', { exact: true }).fill('../x');
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
  });

  it('offers the scenario as a download even if it cannot be saved', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/scenario');
    const { page } = opened;
    await write(page, SCENARIO);
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);

    expect(download.suggestedFilename()).toBe('my-scenario.yaml');
    expect(await readFile(await download.path(), 'utf8')).toBe(SCENARIO);
  });

  it.each(['light', 'dark'] as const)('fits into 390 pixels, %s', async (colorScheme) => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/scenario', {
      colorScheme,
      viewport: { width: 390, height: 800 },
    });
    const { page } = opened;
    await page.getByText('No mistakes').waitFor(SOON);
    await content(page).waitFor(SOON);

    expect(await overflow(page)).toBe(0);
    expect(await barriersIn(page)).toEqual([]);
  });
});
