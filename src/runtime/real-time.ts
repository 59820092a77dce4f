import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

/**
 * The timers and clocks of Node.js, for good: they are taken once, here and nowhere else. A test in the same process may
 * put others in their place (`vi.useFakeTimers()`, Jest, sinon), and a server in it has to go on all the same. The names
 * of the module are bound to the real ones even when this is first imported under fake timers; the global ones are not,
 * nor are those of its default export.
 */
export const { setTimeout, clearTimeout, setImmediate } = timers;

/** Milliseconds since the process began; never goes back. */
export const monotonicNowMs: () => number = performance.now.bind(performance);

/** Milliseconds since 1970. */
export const epochNowMs = (): number => Math.round(performance.timeOrigin + monotonicNowMs());
