import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/programs/cli.ts';
import { unpackPackage, type UsablePackage } from '../support/programs/installed.ts';
import { blocksOf } from '../support/programs/page.ts';
import { expectNoOrphans } from '../support/programs/orphans.ts';
import { compiled, MODULES, playwright, RUN_HANGS_MS, RUNNER_ENV } from '../support/programs/other-runner.ts';
import { CHROMIUM, HEADLESS_SHELL } from './browsers/chromium.ts';

const FOLDER = join(REPOSITORY, 'examples/playwright');

describe('examples/playwright', () => {
  it('passes', { timeout: RUN_HANGS_MS }, async () => {
    const { code, said } = await playwright(FOLDER, CHROMIUM);

    expect(code, said).toBe(0);
    expect(said).toContain('3 passed');
  });

  it('has the right types', { timeout: RUN_HANGS_MS }, async () => {
    const { code, said } = await compiled(join(FOLDER, 'captions.spec.mts'));

    expect(code, said).toBe(0);
  });
});

/** The folder of a user with the package and Playwright. `npm init` makes it a CommonJS project. */
async function project(): Promise<UsablePackage> {
  const place = await unpackPackage();
  await symlink(join(MODULES, '@playwright'), join(place.folder, 'node_modules/@playwright'));
  await writeFile(join(place.folder, 'package.json'), JSON.stringify({ type: 'commonjs' }));
  return place;
}

/** A test that starts a browser and then hangs. */
const HANGS = `
import { test } from 'asr-understudy/playwright';

test('hangs', async ({ page, fake, microphone }) => {
  test.setTimeout(600_000);
  await page.goto(fake.urls.url);
  console.log('the fake is ready');
  await new Promise(() => {});
});`;

/** The page that the sample expects the user to have. */
const PAGE = `<!doctype html><title>Dictation</title><button id="start">Start</button><p id="captions"></p><script>
  document.querySelector('#start').onclick = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    document.querySelector('#captions').textContent = stream.getAudioTracks()[0].readyState;
  };
</script>`;

describe('in a project with the package installed', () => {
  let place: UsablePackage;
  beforeAll(async () => void (place = await project()));
  afterAll(() => place[Symbol.asyncDispose]());

  it('a copy of examples/playwright passes', { timeout: RUN_HANGS_MS }, async () => {
    for (const folder of ['browser', 'playwright']) {
      const to = join(place.folder, 'examples', folder);
      await cp(join(REPOSITORY, 'examples', folder), to, { recursive: true });
    }
    const { code, said } = await playwright(join(place.folder, 'examples/playwright'), HEADLESS_SHELL);

    expect(code, said).toBe(0);
    expect(said).toContain('3 passed');
  });

  it('Playwright leaves no process behind when it is killed', async () => {
    const tests = join(place.folder, 'hangs');
    await cp(join(FOLDER, 'playwright.config.mjs'), join(tests, 'playwright.config.mjs'));
    await writeFile(join(tests, 'hangs.spec.mts'), HANGS);

    await expectNoOrphans({
      command: process.execPath,
      args: [join(MODULES, '@playwright/test/cli.js'), 'test', '--config', tests],
      env: { ...RUNNER_ENV, CHROMIUM: HEADLESS_SHELL },
      ready: /the fake is ready/,
      // The tests and several parts of the browser run in processes of their own.
      atLeast: 4,
    });
  });

  it('the sample in the documentation passes in a CommonJS project', { timeout: RUN_HANGS_MS }, async () => {
    const sample = blocksOf('docs/in-your-tests.md').find(({ text }) =>
      text.includes('asr-understudy/playwright'),
    );
    const site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(PAGE);
    });
    await new Promise<void>((resolve) => void site.listen(0, 'localhost', resolve));
    const { port } = site.address() as AddressInfo;
    const tests = join(place.folder, 'sample');
    await mkdir(tests);
    const config = await readFile(join(FOLDER, 'playwright.config.mjs'), 'utf8');
    await writeFile(join(tests, 'playwright.config.mjs'), config.replace('.mts', '.ts'));
    const text = sample?.text.replace('localhost:5173', `localhost:${port}`) ?? '';
    await writeFile(join(tests, 'sample.spec.ts'), text);
    const { code, said } = await playwright(tests, HEADLESS_SHELL);
    site.close();

    expect(code, said).toBe(0);
    expect(said).toContain('1 passed');
  });
});
