import { defineConfig } from 'vitest/config';

/** `npm run test:whole`, first half: runs against broken servers and clients, many of which go on at once in each file. */
const BROKEN = ['test/broken/**/*.test.ts'];

/**
 * `npm run test:whole`, second half: programs of the package and of the documentation, and what measures work or
 * memory. They take long, or start many processes.
 */
const PROGRAMS = [
  'test/cli/{demo,record,scenario}.test.ts',
  'test/cli/conformance/**/*.test.ts',
  'test/conformance/judge/{linear,readings}.test.ts',
  'test/conformance/{run-client-time,run-limits}.test.ts',
  'test/examples/{jest,node,shell,test-suites}.test.ts',
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
const WORKERS_OF_PROGRAMS = 2;

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
          exclude: ['test/debian/**', ...BROKEN, ...PROGRAMS, ...ALONE],
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
          include: BROKEN,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole programs',
          include: PROGRAMS,
          maxWorkers: WORKERS_OF_PROGRAMS,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
        },
      },
    ],
  },
});
