import { defineConfig } from 'vitest/config';
import { controlWith } from './test/support/fleet/project.ts';
import { longestFirst } from './test/support/longest-first.ts';

/** Most of them wait most of the time, for sound that is played: more files at once than there are processors. */
const WORKERS = 4;
/** Of a test, and of what comes before and after tests: only one that hangs takes so long, however busy the machine is. */
const HANGS_MS = 300_000;
/** Until something is so that a test looks at again and again: before the test itself is over, which would not say what it was. */
const COMES_MS = 60_000;

/** The tests that need Debian's packages (browsers, pytest, bubblewrap and others); `.ci/run` installs them. */
export default defineConfig({
  test: {
    globalSetup: 'test/support/programs/build.ts',
    experimental: { fsModuleCache: true },
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    expect: { poll: { timeout: COMES_MS } },
    maxWorkers: WORKERS,
    sequence: {
      sequencer: longestFirst([
        // Not all that judge clients at once: they need fakes that are not late.
        ...['attached-page', 'container', 'compiled', 'debian/playwright', 'fleet/redis-faults'],
        ...['debian/examples', 'live/page', 'fleet/lost', 'debian/microphone', 'debian/conformance-client'],
        ...['browsers/examples', 'live/session', 'debian/clients', 'browsers/microphone', 'debian/browser'],
        ...['fleet/redis-away', 'control/judge', 'windows', 'reports/report', 'control/control'],
      ]),
    },
    projects: [
      // Nothing is replaced that other files of the same process would see, so that each loads the modules once.
      { extends: true, test: { name: 'debian', include: ['test/debian/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'debian replicas', ...controlWith('replicas') } },
    ],
  },
});
