import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';

/** The live page of a fake in Chromium. */
export interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** What a page of ours never has: errors, violations of its policy, dialogs. */
  readonly faults: readonly string[];
  readonly requests: readonly string[];
}

/** @param hash the view, such as `#/speak` */
export async function open(
  browser: Browser,
  fake: MockServer,
  hash = '',
  { init, ...options }: BrowserContextOptions & { readonly init?: string } = {},
): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  if (init !== undefined) await page.addInitScript(init);
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => faults.push(message.text()));
  page.on('dialog', (dialog) => {
    faults.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${fake.urls.control}/${hash}`);
  return { page, faults, requests, [Symbol.asyncDispose]: () => context.close() };
}

export const isLive = (page: Page): Promise<void> => page.getByText('Live', { exact: true }).waitFor();
/** The line of a session in the list. */
export const line = (page: Page, id: string): Locator =>
  page.locator('tbody tr', { has: page.getByText(id, { exact: true }) });

/** Much more than it takes on a machine that has nothing else to do. */
export const SOON = { timeout: 20_000 };

/** By how many pixels the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** What axe-core finds to be serious or critical, one line each. */
export async function faultsIn(page: Page): Promise<readonly string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate<readonly string[]>(`
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary)))
  `);
}
