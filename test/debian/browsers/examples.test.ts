import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import type { Report } from '../../examples/client-run.ts';
import { attemptsOf } from '../../examples/recorded.ts';
import { folder } from '../../support/programs/folder.ts';
import { LONG_TONE, serveRepository, type ServedRepository } from '../repository.ts';
import { launchChromium } from './chromium.ts';

describe.concurrent('examples/browser', () => {
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

  interface Seen {
    readonly reports: readonly Report[];
    readonly finals: readonly string[];
    readonly line: string;
    readonly error: string;
  }

  /** Opens the page, starts it, and reads its reports when it is over. `stop` ends the microphone after that report. */
  async function caption(
    fake: MockServer,
    service: 'scriptix' | 'reson8',
    { audio = '/fixtures/audio/en-appointment.wav', stopAfter }: { audio?: string; stopAfter?: string } = {},
  ): Promise<Seen> {
    const page = await browser.newPage();
    const url = fake.urls[service].realtime;
    const settings = { service, url, token: 'any-token', language: 'en', audio };
    await page.goto(`${web.origin}/examples/browser/index.html?${new URLSearchParams(settings).toString()}`);
    await page.click('#start');
    if (stopAfter !== undefined) {
      await page.waitForFunction(
        `window.reports.some(({ event }) => event === ${JSON.stringify(stopAfter)})`,
        undefined,
        { timeout: 60_000 },
      );
      await page.click('#stop');
    }
    await page.locator('body[data-over]').waitFor({ timeout: 90_000 });
    const seen = {
      reports: await page.evaluate<Report[]>('window.reports'),
      finals: await page.locator('#finals li').allInnerTexts(),
      line: await page.locator('#line').innerText(),
      error: await page.locator('#error').innerText(),
    };
    await page.close();
    expect(seen.finals).toEqual(
      seen.reports.flatMap((report) => (report.event === 'final' ? report.text : [])),
    );
    return seen;
  }

  const FIRST = 'good morning you have an appointment with doctor Jansen tomorrow';
  const SECOND = 'please bring your passport and be here at nine';
  const eventsOf = (seen: Seen, event: Report['event']) =>
    seen.reports.filter((report) => report.event === event);

  it('Scriptix with a recording: the token is in the query, partials turn into finals, and it ends with 1000', async () => {
    await using fake = await startMockServer();
    const seen = await caption(fake, 'scriptix');
    // Nothing is resampled here, but the browser decides when the first sample is heard.
    expect(seen.finals).toHaveLength(2);
    expect(seen).toMatchObject({ line: '', error: '' });
    expect(eventsOf(seen, 'display').length).toBeGreaterThan(10);
    expect(eventsOf(seen, 'closed')).toEqual([{ event: 'closed', code: 1000 }]);

    const [attempt] = attemptsOf(fake);
    expect([...(attempt?.target.searchParams.keys() ?? [])].sort()).toEqual(['language', 'token', 'type']);
    expect(attempt).toMatchObject({ sent: [{ action: 'start' }, 'audio'], closeCode: 1000 });
  });

  it('Scriptix with the microphone, until Stop is pressed', async () => {
    await using fake = await startMockServer();
    const seen = await caption(fake, 'scriptix', { audio: '', stopAfter: 'final' });

    expect(seen.finals.length).toBeGreaterThan(0);
    expect(seen).toMatchObject({ line: '', error: '' });
    expect(attemptsOf(fake)).toMatchObject([{ closeCode: 1000 }]);
  });

  it('Reson8: the token is a subprotocol, and the flush is confirmed before the end', async () => {
    await using fake = await startMockServer();
    const seen = await caption(fake, 'reson8');
    expect(seen.finals).toHaveLength(2);
    expect(seen).toMatchObject({ line: '', error: '' });

    const [attempt] = attemptsOf(fake);
    expect(attempt?.headers).toHaveProperty('sec-websocket-protocol');
    expect(attempt?.headers).not.toHaveProperty('authorization');
    expect([...(attempt?.target.searchParams.keys() ?? [])]).not.toContain('token');
    expect(attempt?.sent.at(-1)).toEqual({ type: 'flush_request', id: 'end-0' });
    expect(attempt?.said.at(-1)).toEqual({ type: 'flush_confirmation', id: 'end-0' });
    expect(attempt?.closeCode).toBe(1000);
  });

  it.each([
    ['scriptix', 'yes-twice', ['yes', 'yes']],
    ['scriptix', 'final-sent-twice', ['good morning']],
    ['scriptix', 'unknown-state', [FIRST, SECOND]],
    ['reson8', 'unknown-message', [FIRST, SECOND]],
    ['reson8', 'final-sent-twice', [FIRST, SECOND]],
    ['reson8', 'confirmation-before-final', [FIRST, SECOND]],
  ] as const)('%s, %s: the finals are kept, each once', async (service, scenario, finals) => {
    await using fake = await startMockServer({ scenario: `${service}/${scenario}` });
    const seen = await caption(fake, service);

    expect(seen.finals).toHaveLength(finals.length);
    expect(seen).toMatchObject({ line: '', error: '' });
  });

  it.each(['scriptix', 'reson8'] as const)(
    '%s: a dropped connection is reported, and the client reconnects',
    async (service) => {
      await using fake = await startMockServer({ scenario: `${service}/reconnect-after-drop` });
      const seen = await caption(fake, service);
      expect(seen.finals).toHaveLength(2);
      expect(eventsOf(seen, 'closed')).toMatchObject([{ code: 1006 }, { code: 1000 }]);
      expect(eventsOf(seen, 'error')).toMatchObject([{ kind: 'closed' }]);

      const dropped = seen.reports.findIndex(({ event }) => event === 'error');
      if (service === 'scriptix') expect(seen.reports[dropped + 1]).toEqual({ event: 'display', text: '' });
      expect(attemptsOf(fake)).toHaveLength(2);
    },
  );

  it.each(['scriptix', 'reson8'] as const)(
    '%s: the client gives up after a refused token',
    async (service) => {
      await using fake = await startMockServer({ scenario: `${service}/refused-401` });
      const seen = await caption(fake, service);

      expect(seen.error).toMatch(/token/);
      expect(eventsOf(seen, 'closed')).toEqual([{ event: 'closed', code: 1006 }]);
      expect(attemptsOf(fake)).toHaveLength(1);
    },
  );

  it('an error of the service is shown, and everything after it is ignored', async () => {
    await using fake = await startMockServer({ scenario: 'scriptix/results-after-error' });
    const seen = await caption(fake, 'scriptix');

    expect(seen).toMatchObject({ error: 'Speaker identification failed', finals: [] });
    expect(attemptsOf(fake)).toMatchObject([{ closeCode: 1000 }]);
  });

  it('a connection that does not open is reported as a time-out, and one that goes silent is noticed', async () => {
    await using own = await folder();
    const attempts = [
      ['open', { transcribe: { until: { partials: 2 } } }, { abort: 'silence' }],
      ['open', 'transcribe'],
    ];
    const file = { dialect: 'scriptix', summary: 'gone, and back again', server: { attempts } };
    await writeFile(own.path('gone.yaml'), JSON.stringify(file));
    await using hanging = await startMockServer({ scenario: 'scriptix/handshake-hangs' });
    await using silent = await startMockServer({ scenario: own.path('gone.yaml') });
    const [late, gone] = await Promise.all([
      caption(hanging, 'scriptix'),
      caption(silent, 'scriptix', { audio: '/fixtures/audio/long-tone.wav' }),
    ]);

    expect(eventsOf(late, 'error')).toMatchObject([{ kind: 'timeout' }]);
    expect(eventsOf(gone, 'closed')).toMatchObject([{ code: 1006 }, { code: 1000 }]);
    expect(eventsOf(gone, 'error')).toMatchObject([{ kind: 'closed' }]);

    // The audio that went into the dead connection is sent again.
    const [, second] = attemptsOf(silent);
    expect(second?.audioBytes).toBeGreaterThan(LONG_TONE.length);
    expect(gone.finals.length).toBeGreaterThan(0);
  });
});
