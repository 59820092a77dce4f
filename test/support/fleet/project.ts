import { fileURLToPath } from 'node:url';

/** The two kinds of fakes: a process with two workers, or three replicas behind a balancer. */
export type Several = 'workers' | 'replicas';

/** Runs the tests of the control API with several processes or replicas instead of a fake in their own process. */
export function controlWith(several: Several) {
  return {
    include: ['test/mock-server/control/*.test.ts'],
    alias: [
      {
        find: /^.*\/mock-server\/server\.ts$/,
        replacement: fileURLToPath(new URL('server.ts', import.meta.url)),
      },
    ],
    setupFiles: 'test/support/fleet/skip.ts',
    globalSetup: several === 'replicas' ? ['test/support/fleet/redis.ts'] : [],
    env: { UNDERSTUDY_SEVERAL: several },
    isolate: false,
  };
}
