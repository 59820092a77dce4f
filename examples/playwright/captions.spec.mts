import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, type MockServer } from 'asr-understudy/playwright';

const FOLDER = join(import.meta.dirname, '../browser');

// The page under test, the captions of examples/browser. Yours would come from your development server.
let site: Server;
test.beforeAll(async () => {
  site = createServer((request, response) => {
    const name = request.url?.startsWith('/captions.mjs') === true ? 'captions.mjs' : 'index.html';
    response.setHeader('content-type', name === 'captions.mjs' ? 'text/javascript' : 'text/html');
    void readFile(join(FOLDER, name)).then((body) => response.end(body));
  });
  await new Promise<void>((resolve) => site.listen(0, 'localhost', resolve));
});
test.afterAll(() => site.close());

async function openCaptions(page: Page, fake: MockServer): Promise<void> {
  const { port } = site.address() as AddressInfo;
  const settings = { service: 'scriptix', url: fake.urls.scriptix.realtime, token: 'any', language: 'en' };
  await page.goto(`http://localhost:${port}/?${new URLSearchParams(settings)}`);
}

test.describe('when the service recognises words', () => {
  test.use({ fakeOptions: { scenario: join(import.meta.dirname, 'dinner.yaml') } });

  test('shows them', async ({ page, fake, microphone }) => {
    await openCaptions(page, fake);
    await page.click('#start');
    await microphone.say('en-appointment.wav');
    await page.click('#stop');

    const lines = page.locator('#finals');
    await expect(lines).toContainText('a table for two at half past seven');
  });
});

test('a muted microphone is silence', async ({ page, fake, microphone }) => {
  await openCaptions(page, fake);
  await microphone.mute();
  await page.click('#start');
  await microphone.say('en-appointment.wav');

  const session = await fake.nextSession();
  expect(session.audioMs).toBeGreaterThan(0);
  await expect(page.locator('#line')).toHaveText('');
  await expect(page.locator('#finals li')).toHaveCount(0);
});

test('says that the microphone is denied', async ({ page, fake, microphone }) => {
  await microphone.deny();
  await openCaptions(page, fake);
  await page.click('#start');

  await expect(page.locator('#error')).toContainText('Permission denied');
});
