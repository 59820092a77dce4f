import { defineConfig } from 'vitest/config';
import { controlWith } from './test/support/fleet/project.ts';
import { longestFirst } from './test/support/longest-first.ts';

/** The tests that need Debian's packages (browsers, pytest, bubblewrap and others); `.ci/run` installs them. */
export default defineConfig({
  test: {
    globalSetup: 'test/support/programs/build.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 3,
    sequence: {
      sequencer: longestFirst([
        ...['attached-page', 'compiled', 'playwright', 'examples', 'container', 'live/page', 'control/judge'],
        ...['fleet/lost', 'terminal', 'debian/microphone', 'debian/clients', 'debian/conformance-client'],
        ...['browsers/microphone', 'debian/browser', 'control/control'],
      ]),
    },
    projects: [
      { extends: true, test: { name: 'debian', include: ['test/debian/**/*.test.ts'] } },
      { extends: true, test: { name: 'debian replicas', ...controlWith('replicas') } },
    ],
  },
});
