// Makes the pictures of docs/page.md with Debian's Chromium: `npm run build && node .ci/screenshots.mjs`. With a folder,
// `node .ci/screenshots.mjs FOLDER`, it makes one of every view there instead, wide, narrow and dark, with one session and with 200.

import { mkdir, readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { WebSocket } from 'ws';
import { startMockServer } from '../dist/index.js';
import { judge } from '../dist/cli/judge/judge.js';

const docs = new URL('../docs/', import.meta.url).pathname;
const audio = new URL('../fixtures/audio/', import.meta.url).pathname;
const FRAME_BYTES = 3200;
const FRAME_MS = 100;
const HEADER_BYTES = 44;
const START = '{"action":"start"}';
const KEY = { authorization: 'ApiKey some-key' };

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const pcm = (await readFile(`${audio}en-appointment.wav`)).subarray(HEADER_BYTES);

/** A client that sends this many frames of speech, and leaves. */
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

/** Starts clients of all kinds; `left` resolves when they have left. */
async function clientsOf({ scriptix, reson8 }) {
  await speak(`${scriptix.realtime}?token=t&language=en`, { start: START, frames: 20 });
  await fetch(`${scriptix.api}/status`, { headers: { 'x-zoom-s2t-key': 'some-key' } });
  await speak(`${scriptix.realtime}?token=t&type=unknown`, { frames: 0 });
  const of = (url, more) => speak(url, { frames: 60, ...more });
  return {
    left: Promise.all([
      of(`${reson8.realtime}?include_interim=true&scenario=drop-mid-word`, { headers: KEY }),
      of(`${scriptix.realtime}?token=t&language=nl&scenario=closed-with-1011`, { start: START }),
      of(`${reson8.realtime}?include_interim=true&edition=2026-08`, { headers: KEY }),
      of(`${scriptix.realtime}?token=t&language=de`, { start: START }),
    ]),
  };
}

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
});

/** Plays a recording on the page, up to its first final. */
async function speakOn(page, fake) {
  await page.goto(`${fake.urls.control}/#/speak`);
  await page.getByLabel('Sound').selectOption('Recording, English');
  await page.getByRole('button', { name: 'Speak' }).click();
  await page.locator('.final').first().waitFor();
  await sleep(1500);
}

/** The pictures of docs/page.md. */
async function makePictures() {
  const fake = await startMockServer();
  const page = await browser.newPage({ viewport: { width: 1100, height: 620 } });
  const { left } = await clientsOf(fake.urls);
  await page.goto(`${fake.urls.control}/`);
  await sleep(4000);
  await page.screenshot({ path: `${docs}page-sessions.png` });
  await left;
  await speakOn(page, fake);
  await page.screenshot({ path: `${docs}page-speak.png` });
  await fake.stop();
}

const LOOKS = [
  ['wide', { viewport: { width: 1280, height: 800 } }],
  ['dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 390, height: 844 } }],
  ['narrow-dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
];

/** All views, in all looks. */
async function lookAt(folder) {
  await mkdir(folder, { recursive: true });
  const fake = await startMockServer({ judge });
  const url = `${fake.urls.reson8.realtime}?include_interim=true&include_timestamps=true&include_words=true`;
  const first = speak(url, { headers: KEY, frames: 40 });
  const pages = [];
  for (const [name, look] of LOOKS) pages.push([name, await browser.newPage(look)]);
  const shoot = async (view, hash, prepare = async () => {}) => {
    for (const [name, page] of pages) {
      await page.goto(`${fake.urls.control}/${hash}`);
      await sleep(1000);
      await prepare(page);
      await page.screenshot({ path: `${folder}/${view}-${name}.png`, fullPage: true });
    }
  };
  await shoot('1-sessions', '#/sessions');
  await first;
  await shoot('1-session', '#/sessions/s1', async (page) => {
    await page.locator('.frame').nth(5).click();
    await sleep(300);
  });
  await shoot('1-judge', '#/judge/s1', (page) => page.locator('.verdicts li').first().waitFor());
  const open = new WebSocket(url, { headers: KEY });
  await new Promise((resolve) => open.on('open', resolve));
  await shoot('1-held', '#/sessions/s2', async (page) => {
    await page.getByRole('button', { name: /^Hold|^Let one go/ }).click();
    open.send('{"type":"flush_request","id":"one"}');
    await sleep(1000);
  });
  open.close(1000);
  await shoot('speak', '#/speak');
  await shoot('fake', '#/fake');
  await shoot('scenario', '#/scenario', (page) => page.locator('.cm-content').waitFor());
  await shoot('judge-empty', '#/judge');
  const { left } = await clientsOf(fake.urls);
  await left;
  const many = [];
  for (let i = 0; i < 200; i++) many.push(speak(url, { headers: KEY, frames: 30 }));
  await shoot('200-sessions', '#/sessions');
  await Promise.all(many);
  await shoot('200-ended', '#/sessions');
  await speakOn(pages[0][1], fake);
  await pages[0][1].screenshot({ path: `${folder}/speaking-wide.png` });
  await speakOn(pages[3][1], fake);
  await pages[3][1].screenshot({ path: `${folder}/speaking-narrow-dark.png`, fullPage: true });
  await fake.stop();
}

const [folder] = process.argv.slice(2);
await (folder === undefined ? makePictures() : lookAt(folder));
await browser.close();
