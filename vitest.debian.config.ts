import { defineConfig } from 'vitest/config';
import { longestFirst } from './test/support/longest-first.ts';

/** The tests that need Debian's packages (browsers, pytest, bubblewrap and others); `.ci/run` installs them. */
export default defineConfig({
  test: {
    include: ['test/debian/**/*.test.ts'],
    globalSetup: 'test/support/programs/build.ts',
    testTimeout: 120_000,
    maxWorkers: 3,
    sequence: {
      sequencer: longestFirst(['attached-page', 'container', 'examples', 'compiled', 'playwright']),
    },
  },
});
