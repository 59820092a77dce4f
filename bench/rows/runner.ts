import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import type * as library from '../../src/index.ts';
import { speechFrames } from '../load/speech.ts';
import { DIST, startServer } from '../servers/start.ts';

/** The number of conversations in one round, and how many of them are simultaneous. */
const CONVERSATIONS = 400;
const AT_ONCE = 8;
/** 3 s of audio, after which the bare server sends a final. */
const FRAMES = 30;
const AUDIO = speechFrames().slice(0, FRAMES);

export interface RunnerResult {
  readonly sessionsPerSecond: number;
}

export interface JudgingResult {
  readonly eventsPerSecond: number;
}

/** As users import it: built, with the recordings and scenarios beside it. */
async function load(): Promise<typeof library> {
  return (await import(pathToFileURL(`${DIST}/index.js`).href)) as typeof library;
}

const SCENARIO: NonNullable<library.ConformanceOptions['scenarios']>[number] = {
  name: 'bench',
  path: '',
  file: {
    dialect: 'scriptix',
    summary: 'Start, three seconds of audio, a final, goodbye',
    client: ['start', { audio: '3s' }, { await: 'final' }, { close: 1000 }],
  },
};

/**
 * The same conversation with the same bare server: by a client of `ws` alone, or by the runner, which judges it, too.
 */
export async function measureRunner(who: 'bare' | 'runner'): Promise<RunnerResult> {
  const server = await startServer('bare');
  try {
    const url = new URL(server.realtimeUrl).origin;
    const beganMs = performance.now();
    if (who === 'bare') await converseAll(url);
    else
      await (
        await load()
      ).runConformance({ ...runOf(url), scenarios: Array.from({ length: CONVERSATIONS }, () => SCENARIO) });
    return { sessionsPerSecond: (CONVERSATIONS * 1000) / (performance.now() - beganMs) };
  } finally {
    await server.stop();
  }
}

function runOf(url: string): library.ConformanceOptions {
  return {
    dialect: 'scriptix',
    url,
    profile: 'quick',
    credentials: { valid: 'bench' },
    pace: 1000,
    concurrency: AT_ONCE,
  };
}

async function converseAll(url: string): Promise<void> {
  let left = CONVERSATIONS;
  const work = async () => {
    while (left-- > 0) await converse(url);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function converse(url: string): Promise<void> {
  const socket = new WebSocket(`${url}/v2/realtime?token=bench&type=fast`, { perMessageDeflate: false });
  const final = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { is_final?: boolean };
      if (message.is_final === true) resolve();
    });
  });
  await once(socket, 'open');
  socket.send('{"action":"start"}');
  for (const frame of AUDIO) socket.send(frame);
  await final;
  socket.close(1000);
  await once(socket, 'close');
}

/** Every event of many plays, judged by all invariants, or only parsed from its line. */
export async function measureJudging(who: 'bare' | 'runner'): Promise<JudgingResult> {
  const { judgeTrace, runConformance } = await load();
  recorded ??= await recordPlays(runConformance);
  const { lines, plays } = recorded;
  const beganMs = performance.now();
  if (who === 'bare') for (const line of lines) JSON.parse(line);
  else for (const events of plays) judgeTrace(events, { side: 'server' });
  return { eventsPerSecond: (lines.length * 1000) / (performance.now() - beganMs) };
}

interface Recorded {
  readonly plays: readonly (readonly library.TraceEvent[])[];
  readonly lines: readonly string[];
}
let recorded: Recorded | undefined;

/** The plays that the runner records of the fake: one for each probe and for some generated sessions. */
async function recordPlays(run: typeof library.runConformance): Promise<Recorded> {
  const server = await startServer('fake');
  try {
    const url = new URL(server.realtimeUrl).origin;
    const { plays } = await run({ ...runOf(url), profile: 'full', runs: 30 });
    const events = plays.map((play) => play.events);
    return { plays: events, lines: events.flat().map((event) => JSON.stringify(event)) };
  } finally {
    await server.stop();
  }
}
