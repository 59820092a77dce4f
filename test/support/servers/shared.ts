import { afterAll, afterEach } from 'vitest';

/**
 * One fake, with its connections, for the tests of a `describe` that only read, or are refused. It is started for the first
 * of them and ends after the last, or with one that fails, so that no test finds what that one left.
 *
 * Its clock should be manual, because on another one its connections end in the time that many tests take.
 */
export function shared<T extends AsyncDisposable>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  const end = async () => {
    const ending = made;
    made = undefined;
    // The test that failed to start it has reported why.
    const ended = await ending?.catch(() => undefined);
    await ended?.[Symbol.asyncDispose]();
  };
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await end();
  });
  afterAll(end);
  return () => (made ??= make());
}
