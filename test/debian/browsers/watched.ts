import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { WAIT_MS } from './chromium.ts';

/** A page that is watched from the moment it is opened. */
export interface Watched extends AsyncDisposable {
  readonly page: Page;
  /** Faults that no page of this project has: errors, violations of its policy, dialogs. */
  readonly faults: readonly string[];
  readonly requests: readonly string[];
}

/** Opens an address in a context of its own, in which `init` runs before any script of a page. */
export async function openWatched(
  browser: Browser,
  url: string,
  { init, ...options }: BrowserContextOptions & { readonly init?: string } = {},
): Promise<Watched> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(WAIT_MS);
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
  await page.goto(url);
  return { page, faults, requests, [Symbol.asyncDispose]: () => context.close() };
}

/** How many pixels wider than its window the page is. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** The findings of axe-core, one per line. It may have to bypass the policy of a page. */
export async function barriersIn(page: Page): Promise<readonly string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate<readonly string[]>(`
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, impact, nodes }) =>
        nodes.map(({ target, failureSummary }) => [impact, id, target.join(' '), failureSummary].join(' '))))
  `);
}
