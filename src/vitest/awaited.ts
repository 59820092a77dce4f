/** A test of vitest, as far as it can be told what it forgot. */
export interface TestInProgress {
  readonly context: { readonly onTestFinished: (then: () => void) => void };
  readonly result?: { readonly errors?: readonly unknown[] | undefined } | undefined;
}

/**
 * What a matcher answers vitest, which makes a promise of its own of it: that one fails its test if no one awaits it. An
 * expectation that is not awaited would be over after its test: if it fails, some other test is blamed or none.
 *
 * @param said the expectation as it was written
 */
export function mustBeAwaited<T>(
  test: TestInProgress | undefined,
  said: string,
  verdict: Promise<T>,
): PromiseLike<T> {
  if (test === undefined) return verdict;
  const then = (...given: Parameters<Promise<T>['then']>) => watched(test, said, verdict.then(...given));
  return { then } as PromiseLike<T>;
}

function watched<T>(test: TestInProgress, said: string, promise: Promise<T>): PromiseLike<T> {
  // Made here, so that its stack names the line.
  const notAwaited = new Error(`${said} was not awaited: write \`await ${said}\``);
  let isAwaited = false;
  // If no one looks at it, the test has the error above.
  promise.catch(() => undefined);
  test.context.onTestFinished(() => {
    // One that has failed before it came to that has an error of its own.
    const hasFailed = (test.result?.errors ?? []).length > 0;
    if (!isAwaited && !hasFailed) throw notAwaited;
  });
  const look = () => {
    isAwaited = true;
    return promise;
  };
  const awaited = {
    then: (...given: Parameters<Promise<T>['then']>) => look().then(...given),
    catch: (...given: Parameters<Promise<T>['catch']>) => look().catch(...given),
    finally: (...given: Parameters<Promise<T>['finally']>) => look().finally(...given),
    [Symbol.toStringTag]: 'Promise',
  };
  return awaited as PromiseLike<T>;
}
