import { defineConfig } from 'vitest/config';

/** Whole runs against servers and clients: they live by the clock, so they have the machine to themselves. */
const WHOLE_RUNS = ['test/broken/**/*.test.ts', 'test/examples/**/*.test.ts', 'test/cli/demo.test.ts'];

export default defineConfig({
  test: {
    globalSetup: 'test/support/programs/build.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/debian/**', ...WHOLE_RUNS],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole runs',
          include: WHOLE_RUNS,
          testTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
