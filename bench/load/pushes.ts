import { setTimeout as sleep } from 'node:timers/promises';
import { Samples } from '../statistics.ts';
import { watchBusy } from './busy.ts';
import { dropConnections, openConnections } from './connections.ts';
import type { LoadPlan, PushesResult } from './plan.ts';

/** Leaves room for a server that pushes more often than it should. */
const ROOM = 2;

/** Asks once on each connection, and notes when the pushes come. */
export async function runPushes(
  plan: Extract<LoadPlan, { kind: 'pushes' }>,
  lost: (error: Error) => void,
): Promise<PushesResult> {
  const { connections, everyMs, measureMs } = plan;
  const due = measureMs / everyMs;
  const most = Math.ceil(due * ROOM);
  const arrivals = Array.from({ length: connections }, () => [] as number[]);
  let measuring = false;
  const sockets = await openConnections(
    plan,
    (message, number) => {
      if (!measuring || !message.includes(plan.counts)) return;
      const own = arrivals[number];
      if (own !== undefined && own.length < most) own.push(performance.now());
    },
    lost,
  );
  for (const socket of sockets) for (const message of plan.send) socket.send(message);
  await sleep(plan.warmUpMs);

  const busy = watchBusy(plan.serverPid);
  measuring = true;
  await sleep(measureMs);
  measuring = false;
  const { elapsedMs, ...cores } = busy();
  dropConnections(sockets);

  const lateness = new Samples(connections * most);
  for (const own of arrivals) for (const lateMs of latenessOf(own, everyMs)) lateness.add(lateMs);
  const came = arrivals.reduce((sum, own) => sum + own.length, 0);
  if (came === 0) throw new Error('no push came');
  return {
    kind: 'pushes',
    latenessMs: lateness.percentiles(),
    cameShare: came / ((connections * elapsedMs) / everyMs),
    ...cores,
  };
}

/**
 * How late each push of a connection came. It is not known when the server began, so the push that was earliest
 * relative to the interval counts as punctual, and all others are compared with it. A server that starts a new wait
 * after each push becomes later and later.
 *
 * @param arrivalsMs of successive pushes, in order
 */
export function latenessOf(arrivalsMs: readonly number[], everyMs: number): readonly number[] {
  const relative = arrivalsMs.map((atMs, n) => atMs - n * everyMs);
  const earliest = relative.reduce((least, each) => Math.min(least, each), Infinity);
  return relative.map((each) => each - earliest);
}
