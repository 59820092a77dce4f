import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { dropConnections, openConnections } from './connections.ts';
import type { LoadPlan, RepliesResult } from './plan.ts';
import { watchBusy } from './busy.ts';

/** Asks on each connection, and again after each reply, so that each always has one question under way. */
export async function runReplies(
  plan: Extract<LoadPlan, { kind: 'replies' }>,
  lost: (error: Error) => void,
): Promise<RepliesResult> {
  let replies = 0;
  let asks = false;
  const sockets: readonly WebSocket[] = await openConnections(
    plan,
    (message, number) => {
      if (!asks || !message.includes(plan.counts)) return;
      replies += 1;
      ask(number);
    },
    lost,
  );
  const ask = (number: number) => {
    for (const message of plan.send) sockets[number]?.send(message);
  };
  asks = true;
  for (const number of sockets.keys()) ask(number);
  await sleep(plan.warmUpMs);

  const busy = watchBusy(plan.serverPid);
  const before = replies;
  await sleep(plan.measureMs);
  const { elapsedMs, ...cores } = busy();
  const counted = replies - before;
  dropConnections(sockets);
  if (counted === 0) throw new Error('there was no reply');
  return { kind: 'replies', repliesPerSecond: (counted * 1000) / elapsedMs, ...cores };
}
