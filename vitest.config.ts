import { defineConfig } from 'vitest/config';
import { controlWith } from './test/support/fleet/project.ts';
import { longestFirst } from './test/support/longest-first.ts';

/** `npm run test:whole`: broken clients, each a program, of which a file runs several at once. */
const CLIENTS = ['test/broken/clients*.test.ts'];

/**
 * `npm run test:whole`: runs against broken servers, of which each file has as many at once as the machine has room for,
 * and whole runs that others get in the way of.
 */
const SERVERS = [
  'test/broken/!(clients*).test.ts',
  'test/broken/precision/*.test.ts',
  'test/conformance/explore/obstacles.test.ts',
];

/**
 * `npm run test:whole`: programs of the package and of the documentation, and what measures work or memory. They take
 * long, or start many processes or threads. What other people's tools say of the package, examples in a second edition,
 * and thousands of altered scenarios are here because they change seldom and take many times as long as what they check.
 */
const PROGRAMS = [
  'test/cli/{control,demo,health,load,record,scenario,tls}.test.ts',
  'test/cli/conformance/**/*.test.ts',
  'test/conformance/judge/readings.test.ts',
  'test/conformance/{run-client-time,run-late,run-limits}.test.ts',
  'test/containers/kubernetes.test.ts',
  'test/examples/{conformance-more,node,shell,test-suites}.test.ts',
  'test/mock-server/control/judge.test.ts',
  'test/mock-server/workers/workers.test.ts',
  'test/repository/{action,docs,published,readme}.test.ts',
  'test/scenario/schema-mutations.test.ts',
  'test/scenarios/examples-edition.test.ts',
];

/** `npm run test:whole`: what looks at a process, or changes how it compiles, which other files in it would blur. */
const MEASURES = [
  'test/conformance/judge/{linear,memory}.test.ts',
  'test/mock-server/leaks.test.ts',
  'test/vitest/in-a-test.test.ts',
];

/** They replace modules or entries of a registry, which other files of the same process would see. */
const ALONE = [
  'test/audio/sources/{mp3-guard,open}.test.ts',
  'test/mock-server/fake-timers.test.ts',
  'test/protocol/trial-dialect.test.ts',
];

/** Of each project; without this, small files come last, and some of them wait for a long time. */
const LONGEST = [
  ...['repository/package', 'examples/conformance', 'conformance/run-server'],
  ...['scenarios/play', 'run-load', 'scriptix/stream-hls', 'program/run-command'],
  ...['histories', 'broken/hostile', 'withholding', 'scriptix-1', 'scriptix-2', 'scriptix-3'],
  ...['precision/reson8', 'broken/merge', 'broken/conforming', 'broken/editions', 'seldom'],
  ...['precision/reson8-turns', 'broken/only'],
  ...['docs', 'run-limits', 'cli/demo', 'conformance-more', 'linear', 'readme', 'published', 'examples/node'],
  ...['judge/readings', 'conformance/diff', 'action', 'control/control', 'control/judge', 'run-late'],
  ...['workers/workers', 'conformance/merge', 'conformance/server', 'schema-mutations', 'control/sessions'],
  ...['control/scenarios', 'control/hold', 'kubernetes', 'run-client-time', 'cli/load'],
];

/** Most tests wait most of the time: more files at once than there are processors. */
const WORKERS = 4;
/** Each with as many runs as there is room for. */
const FILES_OF_RUNS = 4;
/** Of programs, which wait for each other and for sound that is played. */
const FILES_OF_PROGRAMS = 5;
/** In one file of runs against broken servers; each spends most of its time waiting. */
const RUNS_AT_ONCE = 16;
/** In one file, of tests that say that they may be at the same time: most of them wait until audio is over. */
const WAITING_AT_ONCE = 12;
/**
 * Of a test, and of what comes before and after tests: only one that hangs takes so long, however busy the machine is. With
 * twenty processes for each processor, three seconds of work take a minute.
 */
const HANGS_MS = 120_000;
/** The same where they may wait for room. */
const ROOM_HANGS_MS = 900_000;
/** Until something is so that a test looks at again and again: before the test itself is over, which would not say what it was. */
const COMES_MS = 20_000;

export default defineConfig({
  test: {
    globalSetup: 'test/support/programs/build.ts',
    maxWorkers: WORKERS,
    // What Vite makes of the sources is kept in node_modules: the next run, of whatever project, need not make it again.
    experimental: { fsModuleCache: true },
    expect: { poll: { timeout: COMES_MS } },
    sequence: { sequencer: longestFirst(LONGEST) },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/debian/**', ...CLIENTS, ...SERVERS, ...PROGRAMS, ...MEASURES, ...ALONE],
          isolate: false,
          maxConcurrency: WAITING_AT_ONCE,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        extends: true,
        test: { name: 'parts alone', include: ALONE, testTimeout: HANGS_MS, hookTimeout: HANGS_MS },
      },
      {
        extends: true,
        test: {
          name: 'whole clients',
          include: CLIENTS,
          // What they do is measured by programs of their own: one file at a time, and nothing beside it. With both files at
          // once, a fake stood still for so long that a client that gave up too late could not be blamed.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole runs',
          include: SERVERS,
          // Nothing is replaced that another file would see, so that each process compiles the modules once.
          isolate: false,
          maxWorkers: FILES_OF_RUNS,
          maxConcurrency: RUNS_AT_ONCE,
          sequence: { groupOrder: 2 },
          testTimeout: ROOM_HANGS_MS,
          hookTimeout: ROOM_HANGS_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole programs',
          include: PROGRAMS,
          // Each process compiles the modules once, and the commands of its files run in the same host.
          isolate: false,
          // After the runs, whose times they would blur: 12 s without an answer were seen.
          sequence: { groupOrder: 3 },
          maxWorkers: FILES_OF_PROGRAMS,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole measures',
          include: MEASURES,
          sequence: { groupOrder: 3 },
          maxWorkers: FILES_OF_PROGRAMS,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole workers',
          ...controlWith('workers'),
          // Beside the programs: some of both are long, and wait.
          sequence: { groupOrder: 3 },
          maxWorkers: FILES_OF_PROGRAMS,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
    ],
  },
});
