import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';
import { promisify } from 'node:util';

/**
 * The original timers and clocks of Node.js, taken once, here and nowhere else. A test in the same process may replace
 * them (`vi.useFakeTimers()`, Jest, sinon), and a server in it has to keep running. The named exports of the module are
 * bound to the real ones even if this is first imported under fake timers; the global ones are not, nor are those of
 * its default export.
 */
export const { setTimeout, clearTimeout, setImmediate } = timers;

/**
 * Whether they are the real ones. The mock timers of node:test replace those of the module, too: a process that imports
 * this under them has no others.
 */
export const areTimersReal: boolean = promisify.custom in timers.setTimeout;

const { now } = Object.getPrototypeOf(performance) as Pick<typeof performance, 'now'>;

/**
 * Milliseconds since the process began; never decreases. From the prototype, because a test that mocks
 * `performance.now` before this is imported replaces that of the object.
 */
export const monotonicNowMs: () => number = now.bind(performance);

const hrtime = process.hrtime.bigint.bind(process.hrtime);

/** Milliseconds since a moment that all processes of this machine share; never decreases. */
export const machineNowMs = (): number => Number(hrtime()) / 1e6;

const { nodeTiming } = performance;

/** The number of this turn of the event loop. */
export const turnNumber = (): number => nodeTiming.uvMetricsInfo.loopCount;

/** Milliseconds since 1970. */
export const epochNowMs = (): number => Math.round(performance.timeOrigin + monotonicNowMs());
