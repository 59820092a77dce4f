import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../../src/conformance/report/formats/html/html.ts';
import { visible } from '../../../src/runtime/text/plain.ts';
import { HOSTILE, hostile } from '../../conformance/report/hostile.ts';
import { EVERY_VERDICT, RESULTS, type Sample } from '../../conformance/report/sample.ts';
import { folder, type Folder } from '../../support/programs/folder.ts';
import { launchChromium } from '../browsers/chromium.ts';
import { openWatched, overflow, type Watched } from '../browsers/watched.ts';

let browser: Browser;
let files: Folder;
beforeAll(async () => {
  browser = await launchChromium('en-appointment.wav');
  files = await folder();
});
afterAll(async () => {
  await browser.close();
  await files[Symbol.asyncDispose]();
});

async function open({ report, plays }: Sample, options: BrowserContextOptions = {}): Promise<Watched> {
  const file = files.path('report.html');
  await writeFile(file, htmlReport(report, plays));
  return openWatched(browser, pathToFileURL(file).href, options);
}

/** Hostile texts, in different places in each report. */
const HOSTILE_SAMPLES = [0, 7, 13].map((shift) =>
  hostile((place) => HOSTILE[(place * 5 + shift) % HOSTILE.length] ?? ''),
);

describe('the HTML report', () => {
  it.each(HOSTILE_SAMPLES)(
    'shows hostile texts unchanged, and runs and loads nothing from them',
    async (sample) => {
      await using opened = await open(sample);
      const { page, faults, requests } = opened;
      expect(await page.evaluate('window.pwned')).toBeUndefined();
      expect(faults).toEqual([]);
      expect(requests).toHaveLength(1);

      const { requirements } = sample.report;
      const statements = await page.locator('.requirement .statement').allTextContents();
      expect([...statements].sort()).toEqual(requirements.map(({ statement }) => visible(statement)).sort());
      expect(
        await page.locator('img, iframe, object, embed, link, base, [style], [onload], [onerror]').count(),
      ).toBe(0);

      // Everything about them is shown, and no style of theirs hides anything.
      const shown = await page.locator('.requirement:visible').count();
      expect(shown).toBe(requirements.length);
    },
  );

  it('fits into a narrow and a wide window, whatever texts it has', async () => {
    for (const sample of [EVERY_VERDICT, ...HOSTILE_SAMPLES]) {
      for (const width of [320, 390, 1280]) {
        await using opened = await open(sample, { viewport: { width, height: 800 } });
        await opened.page.evaluate(
          'for (const each of document.querySelectorAll("details")) each.open = true',
        );
        expect({ width, overflow: await overflow(opened.page) }).toEqual({ width, overflow: 0 });
      }
    }
  });

  it('can be read without scripts', async () => {
    await using opened = await open(EVERY_VERDICT, { javaScriptEnabled: false });
    const { page } = opened;
    const failure = page.locator('.requirement.fail', { hasText: 'SX-FIN-014' });
    for (const part of [
      RESULTS.fail.statement,
      RESULTS.fail.expected,
      RESULTS.fail.actual,
      'line 72 (S0:72)',
    ]) {
      expect(await failure.innerText()).toContain(part);
    }

    expect(await page.locator('#filters').isVisible()).toBe(false);

    const passed = page.locator('.requirement.pass', { hasText: 'SX-FIN-011' });
    expect(await passed.innerText()).not.toContain('relative to offset_ms');

    await passed.locator('summary').click();
    expect(await passed.innerText()).toContain('relative to offset_ms');
  });

  it('can be filtered by verdict, level, side and text, and says how much is shown', async () => {
    await using opened = await open(EVERY_VERDICT);
    const { page } = opened;
    const shown = () => page.locator('.requirement:visible .id').allInnerTexts();
    const told = () => page.locator('#shown').innerText();

    expect(await told()).toBe('9 of 9 requirements are shown');

    for (const verdict of ['pass', 'not-applicable', 'not-exercised']) {
      await page.locator(`input[value="${verdict}"]`).uncheck();
    }
    expect(await shown()).toEqual(['SX-FIN-014', 'SX-ERR-003', 'TR-005', 'R8-FL-006', 'R8-W-006']);

    await page.locator('input[value="SHOULD"]').uncheck();
    await page.locator('input[value="both"]').uncheck();
    expect(await told()).toBe('4 of 9 requirements are shown');

    await page.locator('input[type="search"]').fill('passport SX-FIN');
    expect(await shown()).toEqual(['SX-FIN-014']);
    // A section with nothing to show is hidden as a whole.
    expect(await page.locator('.group:visible').count()).toBe(1);

    await page.getByRole('button', { name: 'Show all' }).click();
    // A form is reset asynchronously.
    await expect.poll(shown, { timeout: 20_000 }).toHaveLength(9);
    expect(opened.faults).toEqual([]);
  });

  it('can be used with the keyboard alone', async () => {
    await using opened = await open(EVERY_VERDICT);
    const { page } = opened;
    const focused = (of: string) => page.evaluate<string>(`String(document.activeElement.${of})`);
    await page.keyboard.press('Tab');

    expect(await focused('innerText')).toBe('Skip to the requirements');

    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused('name')).toBe('search');

    await page.keyboard.type('accepts the header');
    expect(await page.locator('#shown').innerText()).toBe('1 of 9 requirements are shown');

    for (let i = 0; i < 30 && (await focused('tagName')) !== 'SUMMARY'; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('.requirement[open]:visible').innerText()).toContain('no --token was given');
  });

  it('has links from a requirement to its proof, and back', async () => {
    await using opened = await open(EVERY_VERDICT);
    const { page } = opened;
    await page.evaluate('for (const each of document.querySelectorAll("details.session")) each.open = false');
    await page.locator('.requirement.fail .excerpt a', { hasText: '76' }).click();
    const proof = page.locator('.proves:target');
    await proof.waitFor({ state: 'visible' });

    expect(await proof.innerText()).toMatch(/^event 76 proves SX-FIN-014/);

    await page.locator('input[type="search"]').fill('nothing like it');
    expect(await page.locator('.requirement:visible').count()).toBe(0);

    await proof.locator('a').click();
    // A hidden requirement is shown again.
    await page.locator('.requirement:target').waitFor({ state: 'visible' });
    expect(await page.locator('.requirement:target .id').innerText()).toBe('SX-FIN-014');
  });

  it('has enough contrast, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await using opened = await open(EVERY_VERDICT, { colorScheme });
      const lowest = await opened.page.evaluate<readonly string[]>(LOW_CONTRAST);
      expect(lowest).toEqual([]);
    }
  });
});

/** The texts whose contrast with their background is below 4.5 (WCAG 1.4.3). */
const LOW_CONTRAST = `
(() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((value) => {
      const c = value / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = rgb(getComputedStyle(each).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!own || element.closest('script, style, svg, .unseen') || !element.checkVisibility()) continue;
    const [a, b] = [luminance(rgb(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2) + ' ' + element.textContent.trim().slice(0, 40));
  }
  return found;
})()
`;
