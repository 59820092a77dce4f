import { defineConfig } from '@playwright/test';

/** An installed Chromium, instead of the one from `npx playwright install chromium`. */
const executablePath = process.env.CHROMIUM;

export default defineConfig({
  testMatch: '*.spec.mts',
  reporter: 'list',
  use: {
    launchOptions: executablePath === undefined ? {} : { executablePath, args: ['--no-sandbox'] },
  },
});
