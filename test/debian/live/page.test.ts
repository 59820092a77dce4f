import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import '../../support/warm.ts';
import { fixture } from '../../support/audio.ts';
import { dial } from '../../support/reson8.ts';
import { microphone, quick } from '../../support/scriptix/scriptix.ts';
import { launchChromium } from '../browsers/chromium.ts';
import { isLive, line, open, SOON } from '../browsers/live-page.ts';
import { barriersIn, overflow } from '../browsers/watched.ts';

let browser: Browser;
beforeAll(async () => void (browser = await launchChromium('en-long.wav')));
afterAll(() => browser.close());

describe('the sessions', () => {
  it('are shown when they open, with their progress, and how they end', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake);
    const { page, faults } = opened;
    await isLive(page);
    expect(await page.getByText('No one has connected yet').isVisible()).toBe(true);

    await using client = await microphone(fake, { query: { language: 'nl' } });
    await line(page, 's1').getByText('open').waitFor(SOON);
    await client.sendAudio(fixture('nl-afspraak.wav').pcm.subarray(0, 32_000));
    await line(page, 's1').getByText('1.0 s', { exact: true }).first().waitFor(SOON);
    client.close();
    await line(page, 's1').getByText('1000 normal end').waitFor(SOON);

    expect(await line(page, 's1').innerText()).toContain('Scriptix microphone');
    expect(faults).toEqual([]);
  });

  it('are shown soon after they open', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake);
    const { page } = opened;
    await isLive(page);
    // How slow this machine is at the moment with what the page does: wait, ask the fake, and draw.
    const late = await page.evaluate<number[]>(`(async () => {
      const all = [];
      for (let i = 0; i < 9; i++) {
        const before = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 100));
        await (await fetch('health')).text();
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        all.push(performance.now() - before - 100);
      }
      return all;
    })()`);
    await page.evaluate(`(() => {
      window.seen = {};
      new MutationObserver(() => {
        for (const link of document.querySelectorAll('tbody th a')) window.seen[link.innerText] ??= Date.now();
      }).observe(document.body, { childList: true, subtree: true });
    })()`);
    const took: number[] = [];
    for (let i = 1; i <= 9; i++) {
      await using client = dial(fake.urls.reson8.realtime);
      await client.open;
      const openMs = Date.now();
      const seen = () => page.evaluate<number | undefined>(`window.seen.s${i}`);
      await expect.poll(seen, SOON).toBeGreaterThan(0);
      took.push(((await seen()) ?? Infinity) - openMs);
      client.close();
    }
    const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[4] ?? Infinity;

    expect(median(took)).toBeLessThan(250 + 3 * median(late));
  });

  it('from before the page was opened are listed with refusals and calls, and can be filtered', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake, { query: { scenario: 'drop-mid-word' } });
    await using other = dial(fake.urls.reson8.realtime);
    await using refused = dial(fake.urls.reson8.realtime, 'sample_rate=x');
    await Promise.all([client.open, other.open, refused.refused]);
    await fetch(`${fake.urls.scriptix.api}/status`);
    await using opened = await open(browser, fake);
    const { page } = opened;
    const shown = () => page.locator('tbody th').allInnerTexts();
    await expect.poll(shown, SOON).toHaveLength(4);

    await page.getByRole('button', { name: /^Refused/ }).click();
    expect(await shown()).toEqual(['h1']);

    await page.getByRole('button', { name: /^Open/ }).click();
    await page.getByRole('searchbox').fill('drop-mid');
    expect(await shown()).toEqual(['s1']);

    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByText('Nothing matches this filter.').waitFor();
  });

  it('are shown again after the fake was restarted', async () => {
    const first = await startMockServer();
    const port = Number(new URL(first.urls.url).port);
    await using opened = await open(browser, first);
    const { page } = opened;
    await isLive(page);
    await first.stop();
    await page.getByText('No connection').waitFor(SOON);
    await using second = await startMockServer({ port });
    await isLive(page);
    await using client = await microphone(second);
    await line(page, 's1').waitFor(SOON);
    client.close();
  });

  it('may be many, of which only some are drawn at first', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake);
    const { page } = opened;
    await isLive(page);
    const clients = await Promise.all(Array.from({ length: 150 }, () => microphone(fake)));
    await expect.poll(() => page.getByRole('button', { name: /^Open/ }).innerText(), SOON).toContain('150');

    expect(await page.locator('tbody tr').count()).toBe(100);

    await page.getByRole('button', { name: /^Show/ }).click();
    expect(await page.locator('tbody tr').count()).toBe(150);

    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('show what clients send as text, even if it is markup', async () => {
    await using fake = await startMockServer({ editions: {} });
    const markup = '<img src=x onerror=alert(1)>\u202e<script>alert(2)</script>';
    await using client = await microphone(fake, { query: { language: markup } });
    await fetch(`${fake.urls.url}/${encodeURIComponent(markup)}`);
    await using opened = await open(browser, fake);
    const { page, faults } = opened;
    await line(page, 's1').waitFor(SOON);

    expect(await line(page, 's1').innerText()).toContain('<img src=x');
    expect(await page.locator('tbody img, tbody script').count()).toBe(0);
    expect(faults).toEqual([]);
    client.close();
  });
});

describe('speaking', () => {
  it('shows partials during speech, which become final', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/speak');
    const { page, faults, requests } = opened;
    await isLive(page);
    await page.getByRole('button', { name: 'Speak' }).click();
    await page.locator('.partial').waitFor(SOON);
    await page.locator('.final').first().waitFor({ timeout: 60_000 });
    const session = fake.session('s1');
    expect(session?.audioMs).toBeGreaterThan(0);

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Closed with 1000 (normal end)').waitFor(SOON);
    expect(await page.getByText('The words are invented').isVisible()).toBe(true);
    expect(faults).toEqual([]);

    // There were no requests to other servers.
    const hosts = new Set(
      requests
        .map((url) => new URL(url))
        .filter(({ protocol }) => protocol !== 'data:')
        .map(({ host }) => host),
    );
    expect([...hosts]).toEqual([new URL(fake.urls.url).host]);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await line(page, 's1').getByText('1000 normal end').waitFor(SOON);
  });

  it.each(['Scriptix', 'Reson8'])('plays a recording to %s, which knows it', async (service) => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/speak');
    const { page } = opened;
    await isLive(page);
    await page.getByText(service, { exact: true }).click();
    await page.getByLabel('Sound').selectOption('Recording, English');
    await page.getByRole('button', { name: 'Speak' }).click();
    await page.getByText('Closed with 1000').waitFor({ timeout: 60_000 });

    expect((await page.locator('.final').allInnerTexts()).join(' ')).toBe(fixture('en-appointment.wav').text);
    expect(fake.refusals).toEqual([]);
  });

  it('plays a recording to the turns of Reson8, and shows the last words', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/speak');
    const { page, faults } = opened;
    await isLive(page);
    await page.getByText('Turns', { exact: true }).click();
    await page.getByLabel('Sound').selectOption('Recording, English');
    await page.getByRole('button', { name: 'Speak' }).click();
    await page.locator('.partial').waitFor(SOON);
    await page.getByText('Closed with 1000').waitFor({ timeout: 60_000 });

    expect(fake.session('s1')?.life).toBe('reson8-turns');
    expect((await page.locator('.final').allInnerTexts()).join(' ')).toBe(fixture('en-appointment.wav').text);
    expect(await page.locator('.partial').count()).toBe(0);
    expect(fake.refusals).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('shows the first words before 3 s of the microphone have been heard', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/speak');
    const { page } = opened;
    await isLive(page);
    await page.getByRole('button', { name: 'Speak' }).click();
    await page.locator('.partial').waitFor(SOON);
    await page.getByRole('button', { name: 'Stop' }).click();
    const trace = fake.session('s1')?.trace() ?? [];
    const first = trace.findIndex(
      (event) => event.kind === 'text' && event.text.includes('"is_final":false'),
    );
    const bytes = trace
      .slice(0, first)
      .reduce(
        (sum, event) => sum + (event.kind === 'binary' && event.from === 'client' ? event.byteCount : 0),
        0,
      );

    expect(first).toBeGreaterThan(0);
    expect(bytes / 32_000).toBeLessThan(3);
  });

  it('uses the scenario, the edition and the parameters that the user chose', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/speak');
    const { page } = opened;
    await isLive(page);
    await page.getByText('Reson8', { exact: true }).click();
    await page.getByLabel('Edition').selectOption('2026-08');
    await page.getByLabel('Scenario').selectOption('drop-mid-word');
    await page.getByLabel('include_words').check();
    await page.getByRole('button', { name: 'Speak' }).click();
    const session = await fake.nextSession();

    expect(session).toMatchObject({ life: 'reson8-realtime', edition: '2026-08', scenario: 'drop-mid-word' });
    expect(JSON.stringify(session.trace()[0])).toContain('include_words=true');
    await page.getByText('Closed with 1006 (cut off)').waitFor({ timeout: 60_000 });
  });

  it('shows that a connection was refused', async () => {
    await using fake = await startMockServer({ keys: ['good-key'] });
    await using opened = await open(browser, fake, '#/speak');
    const { page } = opened;
    await page.getByText('Reson8', { exact: true }).click();
    await page.getByRole('button', { name: 'Speak' }).click();

    await page.getByText('The connection was refused').waitFor(SOON);
  });

  it('explains that a browser cannot send a key, and accepts another one', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/speak');
    const { page, faults } = opened;
    await page.getByText('Reson8', { exact: true }).click();
    await page.getByLabel('API key').fill('my key');
    await page.getByRole('button', { name: 'Speak' }).click();
    await page.getByText('as a WebSocket subprotocol').waitFor(SOON);

    await page.getByLabel('API key').fill('my-key');
    await page.getByRole('button', { name: 'Speak' }).click();
    expect((await fake.nextSession()).life).toBe('reson8-realtime');
    expect(await page.getByText('as a WebSocket subprotocol').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('says what to do if the page is not in a secure context', async () => {
    await using fake = await startMockServer();
    const init = 'Object.defineProperty(window, "isSecureContext", { value: false })';
    await using opened = await open(browser, fake, '#/speak', { init });
    const { page } = opened;
    await page.getByLabel('Sound').selectOption('Microphone');

    expect(await page.locator('.error').innerText()).toMatch(
      /http:\/\/localhost:\d+, or start the fake with --tls/,
    );
  });
});

describe('a fake with a control token', () => {
  it('shows nothing before it is entered, and puts it into no address', async () => {
    await using fake = await startMockServer({ host: '0.0.0.0', controlToken: 'open-sesame' });
    await using client = await microphone(fake);
    await using opened = await open(browser, fake);
    const { page, requests } = opened;
    for (const wrong of ['wrong-token', 'no header has ☃']) {
      await page.getByLabel('Control token').fill(wrong);
      await page.getByRole('button', { name: 'Unlock' }).click();
      await page.getByText('The fake does not accept this token.').waitFor(SOON);
      await page.reload();
    }

    expect(await page.locator('tbody').count()).toBe(0);

    await page.getByLabel('Control token').fill('open-sesame');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await line(page, 's1').waitFor(SOON);
    await page.reload();
    await line(page, 's1').waitFor(SOON);
    expect([...requests, page.url()].filter((url) => url.includes('sesame'))).toEqual([]);
    client.close();
  });
});

/** Both colour schemes, wide and narrow. */
const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [390, 1280].map((width) => ({
    colorScheme,
    width,
    look: { colorScheme, viewport: { width, height: 800 } },
  })),
);

describe('the page', () => {
  it.each(LOOKS)(
    'has no serious accessibility faults, $colorScheme and $width pixels wide',
    async ({ look }) => {
      await using fake = await quick();
      for (const hash of ['#/sessions', '#/speak']) {
        await using opened = await open(browser, fake, hash, look);
        const { page } = opened;
        await isLive(page);
        expect([hash, await barriersIn(page)]).toEqual([hash, []]);
        expect(await overflow(page)).toBe(0);
      }
      await using client = await microphone(fake, { query: { language: 'nl' } });
      await using refused = dial(fake.urls.reson8.realtime, 'sample_rate=x');
      await refused.refused;
      await using opened = await open(browser, fake, '', look);
      await line(opened.page, 's1').waitFor(SOON);

      expect(await barriersIn(opened.page)).toEqual([]);
      expect(await overflow(opened.page)).toBe(0);

      client.close();
    },
  );

  it('fits into 320 pixels', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake, { query: { language: 'x'.repeat(200) } });
    await fetch(`${fake.urls.url}/${'y'.repeat(300)}`);
    for (const hash of ['#/sessions', '#/speak']) {
      await using opened = await open(browser, fake, hash, { viewport: { width: 320, height: 640 } });
      await isLive(opened.page);
      expect([hash, await overflow(opened.page)]).toEqual([hash, 0]);
    }
    client.close();
  });

  it('has a link to its content that does not change the view, and shows the sessions at an unknown address', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/speak');
    const { page, faults } = opened;
    await isLive(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.getByRole('button', { name: 'Speak' }).waitFor(SOON);

    await page.goto(`${fake.urls.control}/#/nothing-like-it`);
    await page.getByText('No one has connected yet').waitFor(SOON);
    expect(faults).toEqual([]);
  });

  it('follows a link as soon as it is drawn', async () => {
    await using fake = await startMockServer();
    // At the end of the task that draws the page, before the browser shows it.
    const init = `new MutationObserver((_, watching) => {
      const link = document.querySelector('nav a[href="#/judge"]');
      if (link === null) return;
      watching.disconnect();
      link.click();
    }).observe(document, { childList: true, subtree: true })`;
    await using opened = await open(browser, fake, '', { init });
    await opened.page.getByRole('heading', { name: 'Verdicts' }).waitFor(SOON);
    expect(opened.faults).toEqual([]);
  });

  it('moves the focus to the content when a link is followed with the keyboard', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await using opened = await open(browser, fake);
    const { page } = opened;
    await line(page, 's1').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 's1' }).waitFor(SOON);
    await expect.poll(() => page.evaluate('document.activeElement.id'), SOON).toBe('main');
    client.close();
  });

  it('can be used with the keyboard alone', async () => {
    await using fake = await startMockServer();
    await using opened = await open(browser, fake, '#/speak');
    const { page } = opened;
    await isLive(page);
    const focused = () => page.evaluate<string>('document.activeElement.innerText ?? ""');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');

    for (let i = 0; i < 30 && (await focused()) !== 'Speak'; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    for (let i = 0; i < 30 && (await focused()) !== 'Speak'; i++) await page.keyboard.press('Tab');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');

    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Stop|Cancel/ }).waitFor(SOON);
  });
});
