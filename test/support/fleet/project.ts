import { fileURLToPath } from 'node:url';

/** What a fake consists of: a process with two workers, or three replicas behind a balancer. */
export type Several = 'workers' | 'replicas';

/**
 * The tests of the control API with several processes or replicas in the place of the fake in their own process.
 *
 * @param files a pattern for their names
 */
export function controlWith(several: Several, files = '*') {
  return {
    include: [`test/mock-server/control/${files}.test.ts`],
    alias: [
      {
        find: /^.*\/mock-server\/server\.ts$/,
        replacement: fileURLToPath(new URL('server.ts', import.meta.url)),
      },
    ],
    setupFiles: 'test/support/fleet/skip.ts',
    env: { UNDERSTUDY_SEVERAL: several },
    isolate: false,
  };
}
