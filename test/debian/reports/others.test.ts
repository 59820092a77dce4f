import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrixHtml } from '../../../src/conformance/merge/formats/html.ts';
import { matrixOf } from '../../../src/conformance/merge/matrix.ts';
import { LOAD_FORMATS } from '../../../src/load/formats/formats.ts';
import { Meter } from '../../../src/load/meter.ts';
import { outcomeOf } from '../../../src/load/outcome.ts';
import type { LoadReport } from '../../../src/load/result.ts';
import { parseSlo } from '../../../src/load/slo.ts';
import { EVERY_VERDICT } from '../../conformance/report/sample.ts';
import { folder, type Folder } from '../../support/programs/folder.ts';
import { launchChromium } from '../browsers/chromium.ts';
import { barriersIn, openWatched, overflow } from '../browsers/watched.ts';

const LONG = 'a-name-that-is-longer-than-any-column-and-has-no-place-to-break-it-at-all';

function load(): LoadReport {
  const meter = new Meter(20_000);
  for (let atMs = 0; atMs < 20_000; atMs += 250) {
    meter.count('due');
    meter.began(atMs);
    meter.count('opened');
    meter.opened(atMs < 10_000 ? 1 : -1, atMs);
    meter.time('lateness', atMs % 7, atMs);
    meter.time('handshake', 3 + (atMs % 11), atMs);
    if (atMs > 5000) meter.time('final-lag', 300 + (atMs % 900), atMs);
  }
  meter.tally(meter.refusals, '503');
  const slos = ['final-lag p99<100ms', 'lost-finals=0'];
  const subject = { dialect: 'reson8', edition: '2026-08', target: `wss://${LONG}.example.com` } as const;
  const seen = { counts: meter.countsSoFar, times: meter.times, isStopped: false, failures: {} };
  return {
    ...{ schemaVersion: 1, kind: 'load', startedAt: '2026-01-01T00:00:00.000Z', durationMs: 20_000 },
    tool: { name: 'asr-understudy', version: '0.0.0' },
    subject,
    terms: { perSecond: 4, holdMs: 10_000, forMs: 20_000, slos, query: { language: 'nl', note: LONG } },
    ...outcomeOf(slos.map(parseSlo), { ...seen, subject }),
    ...seen,
    refusals: Object.fromEntries(meter.refusals),
    closes: { '1000': 80 },
    ...{ stretchMs: meter.stretchMs, timeline: meter.timeline },
  };
}

const { report } = EVERY_VERDICT;
const ofAnother = { ...report, subject: { ...report.subject, target: `wss://${LONG}.example.com` } };
const PAGES = [
  ['a load', LOAD_FORMATS.html(load())],
  ['a matrix', matrixHtml(matrixOf([report, ofAnother]))],
] as const;

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

/** Column headings whose words are broken, so that they take more than one line. */
const BROKEN_HEADS = `[...document.querySelectorAll('thead th')]
  .filter((head) => head.getBoundingClientRect().height > 2 * parseFloat(getComputedStyle(head).lineHeight))
  .map((head) => head.textContent)`;

describe.each(PAGES)('the page of %s', (name, html) => {
  it.each(
    [390, 1280].flatMap((width) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
    ),
  )('fits a screen of $width pixels, $colorScheme, and has no accessibility faults', async (screen) => {
    const file = files.path(`${name.replace(' ', '-')}.html`);
    await writeFile(file, html);
    const { width, colorScheme } = screen;
    // axe needs more than the policy of the page allows.
    const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true };
    await using opened = await openWatched(browser, pathToFileURL(file).href, options);
    const { page, faults } = opened;

    expect(await overflow(page)).toBe(0);
    expect(await page.evaluate<readonly string[]>(BROKEN_HEADS)).toEqual([]);
    expect(await barriersIn(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('has a style that its policy allows', async () => {
    const file = files.path('policy.html');
    await writeFile(file, html);
    await using opened = await openWatched(browser, pathToFileURL(file).href);

    expect(await opened.page.evaluate<string>('getComputedStyle(document.body).margin')).toBe('0px');
    expect(opened.faults).toEqual([]);
  });
});
