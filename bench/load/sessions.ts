import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { LoadPlan, SessionsResult } from './plan.ts';
import { watchBusy } from './busy.ts';
import { speechFrames } from './speech.ts';

type SessionsPlan = Extract<LoadPlan, { kind: 'sessions' }>;

/** If a session takes longer, the measurement fails. */
const SESSION_MS = 30_000;

/** Runs whole sessions one after another, from the upgrade to the close, and counts how many there are per second. */
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
  // A loop ends before the measurement only if it fails.
  const [result] = await Promise.all([measured(), ...loops]);
  return result;
}

/** Starts, sends its audio as fast as it is accepted, and stops; ends when the server has closed with 1000. */
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
