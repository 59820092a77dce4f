import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startClientFake } from '../../../src/cli/conformance/client-fake.ts';
import { SUITES } from '../../../src/conformance/client/suites/suites.ts';
import { NEEDS_REPORTS } from '../../../src/conformance/client/reports/unreported.ts';
import type { ClientProgress } from '../../../src/conformance/progress.ts';
import { mergeRuns } from '../../../src/conformance/merge/merge.ts';
import { readRun } from '../../../src/conformance/merge/read-run.ts';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import type { Report } from '../../../src/conformance/report/report.ts';
import { runClient } from '../../../src/conformance/run-client.ts';
import type { Shard } from '../../../src/runtime/shard.ts';
import { launchChromium } from '../browsers/chromium.ts';
import { serveRepository, type ServedRepository } from '../repository.ts';

/** Users at the same time, each with a page. They spend nearly all of the time with speech and silence. */
const USERS = 3;

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

  /** A user who opens the page for each scenario of a part, and closes it when it shows that the scenario is over. */
  async function judgedPart(service: 'scriptix' | 'reson8', shard: Shard): Promise<Report> {
    let address = '';
    const visits: Promise<void>[] = [];
    const visit = async () => {
      const page = await browser.newPage();
      const audio = '/fixtures/audio/sentence.wav';
      const settings = { service, url: address, token: 'any-token', language: 'en', audio };
      await page.goto(
        `${web.origin}/examples/browser/index.html?${new URLSearchParams(settings).toString()}`,
      );
      await page.click('#start');
      await page.locator('body[data-over]').waitFor({ timeout: 90_000 });
      await page.close();
    };
    const { report } = await runClient({
      dialect: service,
      startFake: startClientFake,
      client: { kind: 'attach', onAddresses: ({ url }) => void (address = url) },
      timeoutMs: 60_000,
      shard,
      onProgress: (progress: ClientProgress) => {
        if (progress.kind === 'waiting') visits.push(visit());
      },
    });
    await Promise.all(visits);
    return report;
  }

  /** The report on the page when the whole suite has been played, in one part per user. */
  async function judgedPage(service: 'scriptix' | 'reson8'): Promise<Report> {
    const parts = Array.from({ length: USERS }, (_none, i) => ({ index: i + 1, count: USERS }));
    const reports = await Promise.all(parts.map((shard) => judgedPart(service, shard)));
    const filed = reports.map((report, i) => {
      const file = `${i + 1}.json`;
      return { file, report: readRun(jsonReport(report), file) };
    });
    const [merged] = mergeRuns(filed);
    if (merged === undefined) throw new Error('the parts have no report');
    return merged.report;
  }

  it.concurrent.each(['scriptix', 'reson8'] as const)(
    'finds no mistake in a page for %s',
    { timeout: 900_000 },
    async (service) => {
      const report = await judgedPage(service);
      const rest = report.requirements.filter(({ verdict }) => verdict !== 'pass');
      const shown = JSON.stringify([report.notes, rest], null, 1);

      // A page cannot report what its user sees, so the requirements that need this stay open, and no others.
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
