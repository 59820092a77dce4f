/**
 * For vitest: a `test` that gives each test a fake of its own, and matchers for sessions.
 *
 * @module asr-understudy/vitest
 */
/// <reference types="node" preserve="true" />

import { expect, test as base, type TestAPI } from 'vitest';
import type { MockServerOptions } from './mock-server/options.ts';
import { startMockServer } from './mock-server/server.ts';
import type { MockServer } from './mock-server/mock-server.ts';
import { MATCHERS, type SessionMatchers } from './vitest/matchers.ts';
import { beginsNow, patienceMs } from './vitest/patience.ts';

export type { SessionMatchers, WaitOptions } from './vitest/matchers.ts';
export type { AudioAmount, RefusalLike } from './vitest/wanted.ts';

/** What a test gets. */
export interface FakeFixtures {
  /** The options of the fake; `test.override({ fakeOptions: { … } })` changes them for a `describe`. */
  readonly fakeOptions: MockServerOptions;
  /** A fake on a free port. It is stopped when the test is over. */
  readonly fake: MockServer;
}

/** vitest's `test` with a `fake` of its own for each test that asks for it. */
export const test: TestAPI<FakeFixtures> = fakeTest();

/** The same with other options. */
export function fakeTest(options: MockServerOptions = {}): TestAPI<FakeFixtures> {
  return base.extend<FakeFixtures>({
    // vitest reads from the pattern which fixtures it needs: none.
    fakeOptions: async ({}, use) => use(options),
    fake: async ({ fakeOptions, task }, use) => {
      beginsNow(task);
      const fake = await startMockServer({ waitMs: () => patienceMs(task), ...fakeOptions });
      try {
        await use(fake);
      } finally {
        await fake.stop();
      }
    },
  });
}

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-empty-object-type -- merged
  interface Matchers<T> extends SessionMatchers {}
}

// The types of vitest want matchers of any value; these say of which.
expect.extend(MATCHERS as unknown as Parameters<typeof expect.extend>[0]);
