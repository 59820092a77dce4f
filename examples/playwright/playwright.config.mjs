import { defineConfig } from '@playwright/test';

/** An installed Chromium, instead of the one from `npx playwright install chromium`. */
const executablePath = process.env.CHROMIUM;

export default defineConfig({
  testMatch: '*.spec.mts',
  reporter: 'list',
  // The page shows the last words once the service has heard all of the recording.
  expect: { timeout: 15_000 },
  use: {
    launchOptions: executablePath === undefined ? {} : { executablePath, args: ['--no-sandbox'] },
  },
});
