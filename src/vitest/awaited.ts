/** A test of vitest, with what is needed to report a missing await. */
export interface TestInProgress {
  readonly context: { readonly onTestFinished: (then: () => void) => void };
  readonly result?: { readonly errors?: readonly unknown[] | undefined } | undefined;
}

/** An expectation in a test. */
export interface Expectation {
  /** None in code that is not part of a test. */
  readonly test: TestInProgress | undefined;
  /** As it was written. */
  readonly said: string;
  /** Whether it is one of `expect.soft`. */
  readonly isSoft: boolean;
}

/**
 * The result of a matcher, of which vitest makes a promise that fails the test if it is not awaited. An expectation
 * that is not awaited would end after its test, and a failure would be blamed on another test or on none.
 */
export function mustBeAwaited<T>({ test, said, isSoft }: Expectation, verdict: Promise<T>): PromiseLike<T> {
  if (test === undefined) return verdict;
  return {
    then: (done, failed) => {
      const judged = verdict.then(done, failed);
      if (!isSoft) return watched(test, said, judged);
      // vitest takes the failure of a soft expectation from this promise itself; the test awaits what comes of that.
      return { then: (noted, missed) => watched(test, said, judged.then(noted, missed)) };
    },
  };
}

function watched<T>(test: TestInProgress, said: string, promise: Promise<T>): PromiseLike<T> {
  // Created here, so that its stack names the line.
  const notAwaited = new Error(`${said} was not awaited: write \`await ${said}\``);
  let isAwaited = false;
  // If the promise is ignored, the test has the error above.
  promise.catch(() => undefined);
  test.context.onTestFinished(() => {
    // A test that has already failed has an error of its own.
    const hasFailed = (test.result?.errors ?? []).length > 0;
    if (!isAwaited && !hasFailed) throw notAwaited;
  });
  const look = () => {
    isAwaited = true;
    return promise;
  };
  const awaited: Promise<T> = {
    then: (done, failed) => look().then(done, failed),
    catch: (failed) => look().catch(failed),
    finally: (done) => look().finally(done),
    [Symbol.toStringTag]: 'Promise',
  };
  return awaited;
}
