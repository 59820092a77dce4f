import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import '../../support/warm.ts';
import { fixture } from '../../support/audio.ts';
import { dial } from '../../support/reson8.ts';
import { launchSilentChromium } from '../browsers/chromium.ts';
import { open, SOON } from '../browsers/live-page.ts';
import { barriersIn, overflow } from '../browsers/watched.ts';

let browser: Browser;
beforeAll(async () => void (browser = await launchSilentChromium()));
afterAll(() => browser.close());

const { pcm } = fixture('en-appointment.wav');
const QUERY = 'include_interim=true&include_timestamps=true&include_words=true';

const canvas = (page: Page) => page.locator('.timeline canvas');
const caption = (page: Page) => page.locator('.timeline figcaption span').first().innerText();
const told = (page: Page) => page.locator('.timeline [role=status]').innerText();
const drawn = (page: Page) => canvas(page).getAttribute('aria-label');
const follows = (page: Page) => page.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed');

/** What the timeline shows, as a text to compare. */
const pixels = (page: Page) =>
  page.evaluate<string>('document.querySelector(".timeline canvas").toDataURL()');

describe('the timeline of a session', () => {
  it('shows audio and results as they arrive, and follows them until its reader looks elsewhere', async () => {
    // A manual clock, so that the audio arrives at its own pace.
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = dial(fake.urls.reson8.realtime, QUERY);
    await client.open;
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page, faults } = opened;
    await canvas(page).waitFor(SOON);
    const speak = async (from: number, to: number) => {
      for (let at = from; at < to; at += 3200) {
        await client.sendAudio(pcm.subarray(at, at + 3200));
        await fake.clock.advance(100);
      }
    };
    await speak(0, 160_000);
    await expect.poll(() => drawn(page), SOON).toMatch(/5 seconds of audio, [1-9]\d* partials/);
    expect(await follows(page)).toBe('true');

    // Loudness and speech come from the ear, and are shown for the place under the pointer.
    const box = await canvas(page).boundingBox();
    const places = Array.from({ length: 60 }, (_, i) => (i + 0.5) / 60);
    const pointedAt = async () => {
      const words: string[] = [];
      for (const place of places) {
        await page.mouse.move((box?.x ?? 0) + place * (box?.width ?? 0), (box?.y ?? 0) + 30);
        words.push(await caption(page));
      }
      return words.some((each) => /-\d+ dBFS, speech$/.test(each));
    };
    await expect.poll(pointedAt, SOON).toBe(true);

    await page.getByRole('button', { name: 'See less time' }).click();
    await page.mouse.move(0, 0);
    expect(await follows(page)).toBe('false');

    // The part being read does not move when more arrives.
    const before = await pixels(page);
    const count = await drawn(page);
    await speak(160_000, 240_000);
    await expect.poll(() => drawn(page), SOON).not.toBe(count);
    expect(await follows(page)).toBe('false');
    await page.getByRole('button', { name: 'Follow' }).click();
    expect(await follows(page)).toBe('true');
    await expect.poll(() => pixels(page), SOON).not.toBe(before);
    expect(faults).toEqual([]);
    client.close();
  });

  it('does not move while its reader looks at the past', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime, QUERY);
    await client.open;
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page } = opened;
    await canvas(page).waitFor(SOON);
    await client.sendAudio(pcm.subarray(0, 96_000));
    await expect.poll(() => drawn(page), SOON).toContain('3 seconds of audio');
    // From mark to mark, back to the first.
    await canvas(page).focus();
    await page.keyboard.press('0');
    for (let i = 0; i < 8; i++) await page.keyboard.press('+');
    await page.keyboard.press('Home');
    for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowLeft');
    const before = await pixels(page);
    const count = await drawn(page);
    await client.sendAudio(pcm.subarray(96_000, 192_000));
    await expect.poll(() => drawn(page), SOON).not.toBe(count);

    expect(await pixels(page)).toBe(before);
    client.close();
  });

  it('can be read with the keyboard, and selects the chosen mark among the frames', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime, QUERY);
    await client.open;
    await client.sendAudio(pcm.subarray(0, 96_000));
    client.send({ type: 'flush_request', id: 'x' });
    await client.next(({ json }) => JSON.stringify(json).includes('flush_confirmation'), 'a confirmation');
    client.close();
    await fake.session('s1')?.received('close');
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page, faults } = opened;
    await expect.poll(() => drawn(page), SOON).toContain('partials');
    expect(await page.getByRole('button', { name: 'Follow' }).count()).toBe(0);

    await canvas(page).focus();
    const sentences: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('ArrowRight');
      sentences.push(await told(page));
    }
    expect(sentences[0]).toMatch(
      /^Partial of the server at [\d.]+ s: .*, of audio [\d.]+ s to [\d.]+ s, -?\d+ ms after its end was sent$/,
    );
    for (const kind of [
      'Final of the server',
      'Confirmation of the server',
      'Command of the client',
      'End of the ',
    ])
      expect(sentences.filter((each) => each.startsWith(kind))).not.toEqual([]);

    const selected = page.locator('.frame[aria-selected=true]');
    expect(await selected.innerText()).toContain('end');
    expect(await barriersIn(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it.each([390, 320])('fits into %i pixels, in dark colours', async (width) => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime, QUERY);
    await client.open;
    await client.sendAudio(pcm.subarray(0, 64_000));
    await using opened = await open(browser, fake, '#/sessions/s1', {
      colorScheme: 'dark',
      viewport: { width, height: 800 },
    });
    const { page } = opened;
    await expect.poll(() => drawn(page), SOON).toContain('2 seconds');

    expect(await overflow(page)).toBe(0);
    expect(await barriersIn(page)).toEqual([]);
    client.close();
  });

  it('shows what a hostile client sends as text, however long it is', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime, QUERY);
    await client.open;
    fake.session('s1')?.send(`<img src=x onerror=alert(1)>\u202e${'x'.repeat(1_000_000)}`);
    client.send({ type: '<script>alert(2)</script>\u2066' });
    await client.closed;
    await using opened = await open(browser, fake, '#/sessions/s1');
    const { page, faults } = opened;
    await canvas(page).waitFor(SOON);
    await page.getByRole('option').filter({ hasText: 'onerror' }).click(SOON);

    expect(await page.locator('main img, main script').count()).toBe(0);
    expect((await page.locator('.detail pre').innerText()).length).toBeLessThan(110_000);
    expect((await page.locator('.summary').allInnerTexts()).join('')).not.toMatch(/[\u202e\u2066]/);
    expect(await overflow(page)).toBe(0);
    expect(faults).toEqual([]);
  });
});
