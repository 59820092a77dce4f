import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadPlan, UnpacedResult } from './plan.ts';
import { watchBusy } from './busy.ts';
import { openSessions, type Session } from './session.ts';
import { FRAME_MS, speechFrames } from './speech.ts';

type UnpacedPlan = Extract<LoadPlan, { kind: 'unpaced' }>;

/** A session pauses when this much is buffered in this process, in addition to the buffers of the kernel. */
const BACKLOG_BYTES = 64 * 1024;
/** At most this many frames of one session are sent in one turn of the event loop. */
const BURST_FRAMES = 16;

/** Pushes audio as fast as the server accepts it and counts what comes back. */
export async function runUnpaced(plan: UnpacedPlan, lost: (error: Error) => void): Promise<UnpacedResult> {
  let results = 0;
  let frames = 0;
  let pushing = true;
  const count = () => void (results += 1);
  const sessions = await openSessions(plan.url, plan.sessions, { partial: count, final: count, lost });
  for (const session of sessions) {
    push(
      session,
      () => pushing,
      () => (frames += 1),
    );
  }
  await sleep(plan.warmUpMs);

  const busy = watchBusy(plan.serverPid);
  const before = { results, frames };
  await sleep(plan.measureMs);
  const { elapsedMs, serverCores, loadCores } = busy();
  const counted = results - before.results;
  const sent = frames - before.frames;

  pushing = false;
  // A closing handshake would first wait for everything that is still on its way.
  for (const { socket } of sessions) socket.removeAllListeners().terminate();
  return {
    kind: 'unpaced',
    resultsPerSecond: (counted * 1000) / elapsedMs,
    audioSpeed: (sent * FRAME_MS) / elapsedMs,
    resultsPerCpuSecond: (counted * 1000) / (serverCores * elapsedMs),
    ...{ serverCores, loadCores },
  };
}

function push({ number, socket }: Session, pushing: () => boolean, sent: () => void): void {
  const frames = speechFrames();
  let next = number;
  let waiting = false;
  const turn = () => {
    waiting = false;
    for (let i = 0; i < BURST_FRAMES && pushing() && socket.bufferedAmount < BACKLOG_BYTES; i++) {
      const audio = frames[next++ % frames.length];
      if (audio === undefined) return;
      socket.send(audio, flushed);
      sent();
    }
    // If nothing is buffered, no further callback may come, so the next turn is requested here.
    if (socket.bufferedAmount < BACKLOG_BYTES) again();
  };
  const again = () => {
    if (waiting || !pushing()) return;
    waiting = true;
    setImmediate(turn);
  };
  const flushed = () => {
    if (socket.bufferedAmount < BACKLOG_BYTES) again();
  };
  turn();
}
