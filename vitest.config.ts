import { defineConfig } from 'vitest/config';
import { longestFirst } from './test/support/longest-first.ts';

/** `npm run test:whole`, first part: broken clients, each a program, of which a file runs several at once. */
const CLIENTS = ['test/broken/clients*.test.ts'];

/** `npm run test:whole`, second part: runs against broken servers, many of which go on at once in each file. */
const SERVERS = ['test/broken/!(clients*).test.ts'];

/**
 * `npm run test:whole`, third part: programs of the package and of the documentation, and what measures work or
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

const LONGEST = ['servers-scriptix', 'histories', 'servers', 'docs'];

/** Most tests wait most of the time: more files at once than there are processors. */
const WORKERS = 3;
/** In one file of runs against broken servers; each spends most of its time waiting. */
const RUNS_AT_ONCE = 8;

export default defineConfig({
  test: {
    globalSetup: 'test/support/programs/build.ts',
    maxWorkers: WORKERS,
    sequence: { sequencer: longestFirst(LONGEST) },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/debian/**', ...CLIENTS, ...SERVERS, ...PROGRAMS, ...ALONE],
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
          name: 'whole clients',
          include: CLIENTS,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole runs',
          include: SERVERS,
          maxConcurrency: RUNS_AT_ONCE,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole programs',
          include: PROGRAMS,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
        },
      },
    ],
  },
});
