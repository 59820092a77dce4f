import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { WAIT_MS } from './chromium.ts';
import { openWatched, type Watched } from './watched.ts';

/**
 * Opens the live page of a fake.
 *
 * @param hash the view, such as `#/speak`
 */
export function open(
  browser: Browser,
  fake: MockServer,
  hash = '',
  options: BrowserContextOptions & { readonly init?: string } = {},
): Promise<Watched> {
  return openWatched(browser, `${fake.urls.control}/${hash}`, options);
}

export const isLive = (page: Page): Promise<void> => page.getByText('Live', { exact: true }).waitFor();
/** The line of a session in the list. */
export const line = (page: Page, id: string): Locator =>
  page.locator('tbody tr', { has: page.getByText(id, { exact: true }) });

export const SOON = { timeout: WAIT_MS };
