import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startClientFake } from '../../../src/cli/conformance/client-fake.ts';
import { SUITES } from '../../../src/conformance/client/suites/suites.ts';
import { NEEDS_REPORTS } from '../../../src/conformance/client/reports/unreported.ts';
import type { ClientProgress } from '../../../src/conformance/progress.ts';
import { runClient, type ClientRun } from '../../../src/conformance/run-client.ts';
import { launchChromium } from '../browsers/chromium.ts';
import { serveRepository, type ServedRepository } from '../repository.ts';

describe('understudy conformance client --attach, of a page', () => {
  let web: ServedRepository;
  let browser: Browser;
  beforeAll(async () => {
    web = await serveRepository();
    browser = await launchChromium('en-appointment.wav');
  });
  afterAll(async () => {
    await browser.close();
    await web.stop();
  });

  /** Someone who opens the page again for each scenario, and leaves it when it says that the scenario is over. */
  async function judgedPage(service: 'scriptix' | 'reson8'): Promise<ClientRun> {
    let address = '';
    const visits: Promise<void>[] = [];
    const visit = async () => {
      const page = await browser.newPage();
      const audio = '/fixtures/audio/en-appointment.wav';
      const settings = { service, url: address, token: 'any-token', language: 'en', audio };
      await page.goto(
        `${web.origin}/examples/browser/index.html?${new URLSearchParams(settings).toString()}`,
      );
      await page.click('#start');
      await page.locator('body[data-over]').waitFor({ timeout: 90_000 });
      await page.close();
    };
    const run = await runClient({
      dialect: service,
      startFake: startClientFake,
      client: { kind: 'attach', onAddresses: ({ url }) => void (address = url) },
      timeoutMs: 60_000,
      onProgress: (progress: ClientProgress) => {
        if (progress.kind === 'waiting') visits.push(visit());
      },
    });
    await Promise.all(visits);
    return run;
  }

  it.concurrent.each(['scriptix', 'reson8'] as const)(
    'has nothing to say against a page that talks to %s',
    { timeout: 900_000 },
    async (service) => {
      const { report } = await judgedPage(service);
      const rest = report.requirements.filter(({ verdict }) => verdict !== 'pass');
      const shown = JSON.stringify([report.notes, rest], null, 1);

      // No one hears what a page reports: what needs that is open, and nothing else.
      expect(report.notes, shown).toEqual([]);

      // The page for Reson8 flushes only once.
      const beyond = [...SUITES[service].beyond.map(({ id }) => id), 'R8-FL-013'];
      const open = rest.filter(({ id }) => !beyond.includes(id));
      expect(
        open.filter(({ id, verdict }) => verdict !== 'not-exercised' || !NEEDS_REPORTS.has(id)),
        shown,
      ).toEqual([]);
    },
  );
});
