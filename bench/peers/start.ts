import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { adopt, stop } from '../machine/children.ts';
import type { Purpose, Subject } from './subjects.ts';
import { freePort } from '../machine/free-port.ts';

/** A server that has answered. */
export interface Running {
  readonly pid: number;
  /** The URL of its WebSockets, without a path. */
  readonly origin: string;
  /** From starting the process to the first 101. */
  readonly startMs: number;
  /** Where the inspector of Node.js listens, if it was started with `--inspect`. */
  readonly inspectorUrl: string | undefined;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
/** The pause between two attempts to connect, and so the resolution of the measured start. */
const ATTEMPT_MS = 5;
const TOLD_CHARACTERS = 500;

/**
 * Starts a server on a free port and tries its WebSocket until there is a 101: not every server says when it listens.
 */
export async function startSubject(
  subject: Subject,
  folder: string,
  purpose: Purpose,
  nodeFlags: readonly string[] = [],
): Promise<Running> {
  const port = await freePort();
  const startedMs = performance.now();
  const child = adopt(
    spawn(process.execPath, [...nodeFlags, ...subject.command(folder, port, purpose)], {
      cwd: folder,
      // Files that a program writes for its user are deleted with the folder.
      env: { ...process.env, HOME: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  );
  let errors = '';
  let inspectorUrl: string | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
    inspectorUrl ??= /^Debugger listening on (ws:\S+)\n/m.exec(errors)?.[1];
  });
  const origin = `ws://127.0.0.1:${port}`;
  const { path, headers = {} } = subject.replies;
  try {
    await untilItAnswers(`${origin}${path}`, headers, () => hasEnded(child));
    const startMs = performance.now() - startedMs;
    const { pid } = child;
    if (pid === undefined) throw new Error('it has no process id');
    return { pid, origin, startMs, inspectorUrl, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    const told = errors.trim().slice(-TOLD_CHARACTERS);
    throw new Error(
      `it did not start: ${(error as Error).message}${told === '' ? '' : `; it said: ${told}`}`,
      {
        cause: error,
      },
    );
  }
}

/** Tries to connect until there is a 101. */
export async function untilItAnswers(
  url: string,
  headers: Readonly<Record<string, string>>,
  hasEnded: () => boolean,
): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    socket.on('error', () => undefined);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('upgrade', () => resolve(true));
      socket.once('close', () => resolve(false));
    });
    socket.terminate();
    if (isOpen) return;
    if (hasEnded()) throw new Error('its process ended');
    if (performance.now() > deadline) throw new Error(`no 101 within ${START_TIMEOUT_MS / 1000} s`);
    await sleep(ATTEMPT_MS);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
