import { setTimeout as sleep } from 'node:timers/promises';
import { startPacer } from './pacer.ts';
import type { LoadPlan, RealtimeResult } from './plan.ts';
import { cpuMsOf, machineBusyMs } from '../machine/proc.ts';
import { closeSessions, openSessions, type Listener, type Session } from './session.ts';
import { FRAME_MS, speechFrames } from './speech.ts';
import { Samples } from '../statistics.ts';

type RealtimePlan = Extract<LoadPlan, { kind: 'realtime' }>;
type MemoryPlan = Extract<LoadPlan, { kind: 'memory' }>;

/** A session sends ten frames a second and gets about five partials; the rest is a reserve. */
const FRAMES_PER_SECOND = 10;
const PARTIALS_PER_SECOND = 10;
/** A partial must not come before its frame; rounding may account for half a millisecond. */
const EARLY_MS = 0.5;
/** When the latest frames of a session were actually sent. An answer that refers to an older frame is not timed. */
const REMEMBERED_FRAMES = 32;

/** Streams on all sessions at the pace of speech and measures the server in the meantime. */
export async function runRealtime(plan: RealtimePlan, lost: (error: Error) => void): Promise<RealtimeResult> {
  const { sessions: count, serverPid, warmUpMs, measureMs } = plan;
  const lateness = new Samples(Math.ceil((count * PARTIALS_PER_SECOND * measureMs) / 1000));
  const answers = new Samples(Math.ceil((count * PARTIALS_PER_SECOND * measureMs) / 1000));
  const sentAt = new Float64Array(count * REMEMBERED_FRAMES);
  const loadLateness = new Samples(Math.ceil((count * FRAMES_PER_SECOND * measureMs * 1.1) / 1000));
  let measuring = false;
  let early = 0;
  let partials = 0;
  let finals = 0;
  let byteCount = 0;

  const listener: Listener = {
    partial(session, frame, size) {
      if (!measuring) return;
      const now = performance.now();
      const lateMs = now - pacer.dueAt(session.number, frame);
      if (lateMs < -EARLY_MS) early += 1;
      lateness.add(lateMs);
      const answerMs = now - (sentAt[slotOf(session.number, frame)] ?? NaN);
      if (answerMs < REMEMBERED_FRAMES * FRAME_MS) answers.add(answerMs);
      partials += 1;
      byteCount += size;
    },
    final(_session, size) {
      if (!measuring) return;
      finals += 1;
      byteCount += size;
    },
    lost,
  };
  const sessions = await openSessions(plan.url, count, listener);
  const pacer = stream(sessions, (number, frame, dueAt) => {
    const now = performance.now();
    sentAt[slotOf(number, frame)] = now;
    if (measuring) loadLateness.add(now - dueAt);
  });
  await sleep(warmUpMs);

  const before = {
    atMs: performance.now(),
    serverMs: cpuMsOf(serverPid),
    load: process.cpuUsage(),
    busyMs: machineBusyMs(),
  };
  measuring = true;
  await sleep(measureMs);
  measuring = false;
  const load = process.cpuUsage(before.load);
  const serverMs = cpuMsOf(serverPid) - before.serverMs;
  const busyMs = machineBusyMs() - before.busyMs;
  const elapsedMs = performance.now() - before.atMs;

  pacer.stop();
  await closeSessions(sessions);
  const sessionSeconds = (count * elapsedMs) / 1000;
  const loadMs = (load.user + load.system) / 1000;
  return {
    kind: 'realtime',
    serverCpuUs: (serverMs * 1000) / sessionSeconds,
    loadCpuUs: (loadMs * 1000) / sessionSeconds,
    serverCores: serverMs / elapsedMs,
    loadCores: loadMs / elapsedMs,
    otherCores: Math.max(0, busyMs - serverMs - loadMs) / elapsedMs,
    latenessMs: lateness.percentiles(),
    answerMs: answers.percentiles(),
    loadLatenessMs: loadLateness.percentiles(),
    early,
    partialsPerSecond: partials / sessionSeconds,
    finalsPerSecond: finals / sessionSeconds,
    bytesPerSecond: byteCount / sessionSeconds,
  };
}

/** Opens sessions and streams on them. After each phase it waits for `ready`, so that the server can be measured. */
export async function runMemory(
  plan: MemoryPlan,
  ready: (phase: 'opened' | 'streamed') => Promise<void>,
  lost: (error: Error) => void,
): Promise<{ kind: 'closed' }> {
  const nobody: Listener = { partial: () => undefined, final: () => undefined, lost };
  const sessions = await openSessions(plan.url, plan.sessions, nobody);
  await ready('opened');
  const pacer = stream(sessions, () => undefined);
  await sleep(plan.streamMs);
  pacer.stop();
  await ready('streamed');
  await closeSessions(sessions);
  return { kind: 'closed' };
}

function slotOf(session: number, frame: number): number {
  return session * REMEMBERED_FRAMES + (frame % REMEMBERED_FRAMES);
}

/** Sends on all sessions at the pace of speech; `sent` is called before each frame is sent. */
function stream(sessions: readonly Session[], sent: (session: number, frame: number, dueAt: number) => void) {
  const frames = speechFrames();
  return startPacer(sessions.length, performance.now(), (number, frame, dueAt) => {
    const audio = frames[(number + frame) % frames.length];
    sent(number, frame, dueAt);
    if (audio !== undefined) sessions[number]?.socket.send(audio);
  });
}
