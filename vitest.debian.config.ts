import { defineConfig } from 'vitest/config';
import { controlWith } from './test/support/fleet/project.ts';
import { longestFirst } from './test/support/longest-first.ts';

/** Most of them wait most of the time, for sound that is played: more files at once than there are processors. */
const WORKERS = 5;

/** The tests that need Debian's packages (browsers, pytest, bubblewrap and others); `.ci/run` installs them. */
export default defineConfig({
  test: {
    globalSetup: 'test/support/programs/build.ts',
    experimental: { fsModuleCache: true },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
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
