import { defineConfig } from '@playwright/test';

/** A Chromium that is installed, rather than the one of `npx playwright install chromium`. */
const executablePath = process.env.CHROMIUM;

export default defineConfig({
  testMatch: '*.spec.mts',
  reporter: 'list',
  use: {
    launchOptions: executablePath === undefined ? {} : { executablePath, args: ['--no-sandbox'] },
  },
});
