import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad } from '../load/process.ts';
import type { Percentiles, RealtimeResult } from '../load/plan.ts';
import { startServer } from '../servers/start.ts';
import { Samples } from '../statistics.ts';

/** The calls: for all sessions, for the trace of any session, and a wait for something that has already happened. */
export const CALLS = ['sessions', 'trace', 'wait'] as const;
type Call = (typeof CALLS)[number];

const PATHS: Readonly<Record<Call, (id: string) => string>> = {
  sessions: () => 'sessions',
  trace: (id) => `sessions/${id}/trace`,
  wait: (id) => `sessions/${id}/wait?for=audio`,
};

/** One call at a time, with this pause after each: about as busy as a suite that polls. */
const PAUSE_MS = 50;
const WARM_UP_MS = 3000;
const MOST_CALLS = 20_000;

export interface ControlResult {
  /** The effect on the sessions. */
  readonly load: RealtimeResult;
  /** The time of each call, from the request to the end of the answer; undefined if none was made. */
  readonly callMs: Readonly<Record<Call, Percentiles | undefined>>;
}

/**
 * The real-time load on the fake, with or without simultaneous calls of its control API.
 *
 * @param isAsked whether there are such calls
 */
export async function measureControl(
  isAsked: boolean,
  sessions: number,
  seconds: number,
): Promise<ControlResult> {
  const server = await startServer('fake');
  const { realtimeUrl: url, pid: serverPid } = server;
  let isOver = false;
  try {
    const load = runLoad({
      kind: 'realtime',
      url,
      serverPid,
      sessions,
      warmUpMs: WARM_UP_MS,
      measureMs: seconds * 1000,
    }).finally(() => (isOver = true));
    const asking = isAsked ? askAll(url, sessions, () => isOver) : Promise.resolve(NOTHING);
    // Whichever fails first is the reason.
    const [result, callMs] = await Promise.all([load, asking]);
    return { load: result, callMs };
  } finally {
    isOver = true;
    await server.stop();
  }
}

const NOTHING: ControlResult['callMs'] = { sessions: undefined, trace: undefined, wait: undefined };

async function askAll(
  realtimeUrl: string,
  sessions: number,
  isOver: () => boolean,
): Promise<ControlResult['callMs']> {
  const base = new URL('/__understudy/', realtimeUrl.replace(/^ws/, 'http'));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = {
    sessions: new Samples(MOST_CALLS),
    trace: new Samples(MOST_CALLS),
    wait: new Samples(MOST_CALLS),
  };
  try {
    while (!isOver() && (await ask(base, `sessions/s${sessions}`, agent)) !== 200) await sleep(PAUSE_MS);
    for (let n = 0; !isOver(); n++) {
      const call = CALLS[n % CALLS.length] ?? 'sessions';
      const began = performance.now();
      const status = await ask(base, PATHS[call](`s${1 + (n % sessions)}`), agent);
      // At the end, sessions are closed while calls ask about them.
      if (status === 200) times[call].add(performance.now() - began);
      else if (!isOver() && status !== 409) throw new Error(`${call} was answered with HTTP ${status}`);
      await sleep(PAUSE_MS);
    }
  } finally {
    agent.destroy();
  }
  return {
    sessions: times.sessions.percentiles(),
    trace: times.trace.percentiles(),
    wait: times.wait.percentiles(),
  };
}

function ask(base: URL, path: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request(new URL(path, base), { agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    })
      .once('error', reject)
      .end();
  });
}
