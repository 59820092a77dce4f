import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A project's own configuration, with limits that only a hang reaches, however busy the machine is. */
const { CONFIG, PATIENCE_MS } = process.env;
const { default: own } = await import(pathToFileURL(CONFIG).href);
const limit = Number(PATIENCE_MS);

export default {
  ...own,
  testDir: dirname(CONFIG),
  outputDir: `${dirname(CONFIG)}/test-results`,
  timeout: 3 * limit,
  expect: { timeout: limit },
  use: { ...own.use, actionTimeout: limit, fakeOptions: { waitMs: limit } },
};
