import { existsSync } from 'node:fs';
import { chromium, type CDPSession } from 'playwright-core';
import { runLoad } from '../load/process.ts';
import { measureRealtime } from './measures.ts';
import type { RealtimeResult } from '../load/plan.ts';
import { startServer } from '../servers/start.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const MINUTE_MS = 60_000;
const SESSIONS_PER_SECOND = 200;
const SAMPLE_MS = 1000;
/** Time for the changes of the last sessions, and for the garbage of the first measurement. */
const SETTLE_MS = 2000;

/** How the live page behaved while sessions came and went. */
export interface MinuteResult {
  readonly sessionsPerSecond: number;
  /** Sessions that were not established. */
  readonly lost: number;
  /** Peak memory of the page, garbage included. */
  readonly heapBytes: number;
  /** Memory of the page after its garbage had been collected. */
  readonly liveBytes: number;
  /** 0 if none took longer than 50 ms, the shortest that browsers report. */
  readonly longestTaskMs: number;
  readonly longTasks: number;
}

/** The cost of the fake with and without a reader of the live page. */
export function measureReader(
  hasReader: boolean,
  sessions: number,
  seconds: number,
): Promise<RealtimeResult> {
  return measureRealtime(
    'fake',
    sessions,
    seconds,
    [],
    hasReader ? (server) => readAsPage(server.controlUrl) : undefined,
  );
}

/** Reads the same events as the page, until the returned function is called. */
async function readAsPage(controlUrl: string | undefined): Promise<() => void> {
  if (controlUrl === undefined) throw new Error('the server has no control API');
  const leaving = new AbortController();
  const { signal } = leaving;
  const { body, status } = await fetch(`${controlUrl}/events`, { signal });
  if (body === null || status !== 200) throw new Error(`the events were answered with ${status}`);
  await (await fetch(`${controlUrl}/sessions`, { signal })).arrayBuffer();
  const read = async () => {
    // The contents are ignored: processing them is the work of the page, in another process.
    for (const reader = body.getReader(); !(await reader.read()).done;);
  };
  read().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return () => leaving.abort();
}

/** Why the page itself cannot be measured; undefined if it can. */
export function missingBrowser(): string | undefined {
  return existsSync(CHROMIUM)
    ? undefined
    : `there is no ${CHROMIUM}: the minute of the page is left out (CHROMIUM names another)`;
}

/** Measures the list of sessions in Chromium, while 200 sessions per second open and close. */
export async function measureMinute(): Promise<MinuteResult> {
  const server = await startServer('fake');
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.addInitScript(`
      window.longTasks = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longTasks.push(duration);
      }).observe({ type: 'longtask' });
    `);
    await page.goto(`${server.controlUrl ?? ''}/`);
    await page.getByText('Live', { exact: true }).waitFor();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    // The time to show the page at all is not measured.
    await page.waitForTimeout(SETTLE_MS);
    await page.evaluate('void (window.longTasks.length = 0)');
    const sampling = sampleHeap(devtools);
    const load = await runLoad({
      kind: 'opens',
      url: server.realtimeUrl,
      perSecond: SESSIONS_PER_SECOND,
      measureMs: MINUTE_MS,
    });
    await page.waitForTimeout(SETTLE_MS);
    const heapBytes = await sampling.stop();
    const tasks = await page.evaluate<number[]>('window.longTasks');
    await devtools.send('HeapProfiler.collectGarbage');
    return {
      sessionsPerSecond: load.perSecond,
      lost: load.lost,
      heapBytes,
      liveBytes: await heapOf(devtools),
      longestTaskMs: Math.max(0, ...tasks),
      longTasks: tasks.length,
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}

function sampleHeap(devtools: CDPSession): { stop(): Promise<number> } {
  let most = 0;
  const sample = async () => void (most = Math.max(most, await heapOf(devtools)));
  const timer = setInterval(() => void sample(), SAMPLE_MS);
  return {
    async stop() {
      clearInterval(timer);
      await sample();
      return most;
    },
  };
}

async function heapOf(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  const found = metrics.find(({ name }) => name === 'JSHeapUsedSize');
  if (found === undefined) throw new Error('the browser does not tell the size of its heap');
  return found.value;
}
