// Makes the pictures of docs/page.md with Debian's Chromium: `npm run build && node .ci/screenshots.mjs`.

import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { WebSocket } from 'ws';
import { startMockServer } from '../dist/index.js';

const docs = new URL('../docs/', import.meta.url).pathname;
const audio = new URL('../fixtures/audio/', import.meta.url).pathname;
const FRAME_BYTES = 3200;
const FRAME_MS = 100;
const HEADER_BYTES = 44;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const pcm = (await readFile(`${audio}en-appointment.wav`)).subarray(HEADER_BYTES);

/** A client that speaks for so many frames, and leaves. */
async function speak(url, { headers = {}, start, frames }) {
  const ws = new WebSocket(url, { headers });
  ws.on('error', () => {});
  await new Promise((resolve) => ws.on('open', resolve).on('close', resolve));
  if (start !== undefined) ws.send(start);
  for (let i = 0; i < frames && ws.readyState === ws.OPEN; i++) {
    ws.send(pcm.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES));
    await sleep(FRAME_MS);
  }
  ws.close(1000);
}

const fake = await startMockServer();
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
});
const page = await browser.newPage({ viewport: { width: 1100, height: 620 } });
const { scriptix, reson8 } = fake.urls;
const start = '{"action":"start"}';
const key = { authorization: 'ApiKey some-key' };

await speak(`${scriptix.realtime}?token=t&language=en`, { start, frames: 20 });
await fetch(`${scriptix.api}/status`, { headers: { 'x-zoom-s2t-key': 'some-key' } });
await speak(`${scriptix.realtime}?token=t&type=unknown`, { frames: 0 });
const clients = [
  speak(`${reson8.realtime}?include_interim=true&scenario=drop-mid-word`, { headers: key, frames: 60 }),
  speak(`${scriptix.realtime}?token=t&language=nl&scenario=closed-with-1011`, { start, frames: 60 }),
  speak(`${reson8.realtime}?include_interim=true&edition=2026-08`, { headers: key, frames: 60 }),
  speak(`${scriptix.realtime}?token=t&language=de`, { start, frames: 60 }),
];
await page.goto(`${fake.urls.control}/`);
await sleep(4000);
await page.screenshot({ path: `${docs}page-sessions.png` });
await Promise.all(clients);

await page.goto(`${fake.urls.control}/#/speak`);
await page.getByLabel('Sound').selectOption('Recording, English');
await page.getByRole('button', { name: 'Speak' }).click();
await page.locator('.final').first().waitFor();
await sleep(1500);
await page.screenshot({ path: `${docs}page-speak.png` });

await browser.close();
await fake.stop();
