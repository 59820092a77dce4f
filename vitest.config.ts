import { defineConfig } from 'vitest/config';

/**
 * `npm run test:whole`: runs against broken servers and clients, programs of the package and of the documentation, and
 * what measures work or memory. They take long, or start many processes.
 */
const WHOLE = [
  'test/broken/**/*.test.ts',
  'test/cli/{demo,record,scenario}.test.ts',
  'test/cli/conformance/**/*.test.ts',
  'test/conformance/judge/{linear,readings}.test.ts',
  'test/conformance/{run-client-time,run-limits}.test.ts',
  'test/examples/{node,shell,test-suites}.test.ts',
  'test/mock-server/leaks.test.ts',
  'test/{action,docs,readme}.test.ts',
];

/** They replace modules or entries of a registry, which other files of the same process would see. */
const ALONE = [
  'test/audio/sources/{mp3-guard,open}.test.ts',
  'test/mock-server/fake-timers.test.ts',
  'test/protocol/trial-dialect.test.ts',
];

/** Most tests wait most of the time: more files at once than there are processors. */
const WORKERS = 3;
/** A whole run has many clients and servers at once by itself. */
const WORKERS_OF_WHOLE_RUNS = 2;

export default defineConfig({
  test: {
    globalSetup: 'test/support/programs/build.ts',
    maxWorkers: WORKERS,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/debian/**', ...WHOLE, ...ALONE],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'parts alone', include: ALONE, testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'whole runs',
          include: WHOLE,
          maxWorkers: WORKERS_OF_WHOLE_RUNS,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
        },
      },
    ],
  },
});
