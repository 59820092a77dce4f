import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { LoadPlan, OpensResult } from './plan.ts';

type OpensPlan = Extract<LoadPlan, { kind: 'opens' }>;

/** At most this many are opened in one turn of the event loop when the load generator was late. */
const OPENS_PER_TURN = 20;
const OPEN_TIMEOUT_MS = 30_000;

/** Opens sessions at a pace, and closes each as soon as it is open. */
export async function runOpens({ url, perSecond, measureMs }: OpensPlan): Promise<OpensResult> {
  const startedAt = performance.now();
  const all: Promise<boolean>[] = [];
  const wanted = (measureMs / 1000) * perSecond;
  while (all.length < wanted) {
    const due = Math.min(wanted, ((performance.now() - startedAt) / 1000) * perSecond);
    for (let i = 0; i < OPENS_PER_TURN && all.length < due; i++) all.push(openAndClose(url));
    await sleep(1);
  }
  const opened = (await Promise.all(all)).filter((isFine) => isFine).length;
  const elapsedMs = performance.now() - startedAt;
  return { kind: 'opens', opened, lost: all.length - opened, perSecond: (opened * 1000) / elapsedMs };
}

/** Whether the session was established and ended with 1000. */
function openAndClose(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: OPEN_TIMEOUT_MS });
    socket.on('open', () => socket.close(1000));
    // A close follows.
    socket.on('error', () => undefined);
    socket.on('close', (code) => resolve(code === 1000));
  });
}
