import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { LoadPlan, SessionsResult } from './plan.ts';
import { watchBusy } from './busy.ts';
import { speechFrames } from './speech.ts';

type SessionsPlan = Extract<LoadPlan, { kind: 'sessions' }>;

/** A session that takes longer is lost, and with it the measurement. */
const SESSION_MS = 30_000;

/** Whole sessions one after the other, from the upgrade to the close, and how many of them there are in a second. */
export async function runSessions(plan: SessionsPlan): Promise<SessionsResult> {
  let ended = 0;
  let goesOn = true;
  const frames = speechFrames();
  const loops = Array.from({ length: plan.atOnce }, async (_, number) => {
    while (goesOn) {
      await session(plan, frames, number);
      ended += 1;
    }
  });
  const measured = async () => {
    await sleep(plan.warmUpMs);
    const busy = watchBusy(plan.serverPid);
    const before = ended;
    await sleep(plan.measureMs);
    const { elapsedMs, serverCores, loadCores } = busy();
    const counted = ended - before;
    goesOn = false;
    await Promise.all(loops);
    return {
      kind: 'sessions' as const,
      sessionsPerSecond: (counted * 1000) / elapsedMs,
      ...{ serverCores, loadCores },
    };
  };
  // Only a failure of a loop ends before the measurement does.
  const [result] = await Promise.all([measured(), ...loops]);
  return result;
}

/** Starts, sends its audio as fast as it is taken, and stops; over when the server has closed with 1000. */
function session(
  { url, frames: count }: SessionsPlan,
  frames: readonly Buffer[],
  number: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error(`a session was not over after ${SESSION_MS} ms`));
    }, SESSION_MS);
    socket.on('open', () => {
      socket.send('{"action":"start"}');
      for (let i = 0; i < count; i++) {
        const audio = frames[(number + i) % frames.length];
        if (audio !== undefined) socket.send(audio);
      }
      socket.send('{"action":"stop"}');
    });
    socket.on('error', reject);
    socket.on('close', (code) => {
      clearTimeout(timer);
      if (code === 1000) resolve();
      else reject(new Error(`a session was closed with ${code}`));
    });
  });
}
