/** Resolves after this many milliseconds, or immediately when `signal` is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const after = AbortSignal.timeout(ms);
    const either = signal === undefined ? after : AbortSignal.any([after, signal]);
    if (either.aborted) return resolve();
    either.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Milliseconds since the page was opened. */
export function nowMs(): number {
  return new Event('now').timeStamp;
}
