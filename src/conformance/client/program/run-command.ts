import { spawn, type ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import type { Clock } from '../../../runtime/clock.ts';
import { processesOn } from '../../../runtime/platform/processes.ts';
import { processTree, RUN_VARIABLE, type ProcessTree } from '../../../runtime/platform/process-tree.ts';
import type { Redactor } from '../../../wire/redact/redact.ts';
import { killedWithUs } from './living-runs.ts';
import { notStarted } from './not-started.ts';
import { ReportLines } from '../reports/report-lines.ts';
import { readReports, type Reports } from '../reports/reports.ts';
import { Tail, type Output } from './tail.ts';
import { within } from '../../../runtime/wait.ts';

/** What to run, and how. */
export interface CommandOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it writes its reports. */
  readonly reportsOn: 'fd3' | 'stdout';
  /** Its time limit in real milliseconds. */
  readonly timeoutMs: number;
  /** Real milliseconds from SIGTERM to SIGKILL (1000); not used on Windows, where a program cannot be asked to end. */
  readonly graceMs?: number;
  /** A name that is unique among the runs on this machine. */
  readonly run: string;
  /** Real time. */
  readonly clock: Clock;
  /** The time that reports are given. */
  readonly now: () => number;
  /** Knows the secrets that the program is given. */
  readonly redactor: Redactor;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  /** Called when the program runs. */
  readonly onStarted?: () => void;
}

/** How a program ended. */
export type CommandOutcome =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  /** It exceeded the time limit, and we ended it. */
  | { readonly kind: 'timeout' }
  /** It was cancelled, and we ended it. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'not-started'; readonly reason: string };

/** A program that has ended. */
export interface CommandRun {
  readonly outcome: CommandOutcome;
  readonly durationMs: number;
  /** When it ended, on the time axis of the reports. */
  readonly endedMs: number;
  /** When we began to end it, on the same axis; undefined if it ended by itself. */
  readonly askedMs: number | undefined;
  readonly reports: Reports;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether processes that it had started outlived it, and we killed them. */
  readonly leftProcesses: boolean;
}

const GRACE_MS = 1000;
/** A process that has not ended this long after SIGKILL never will, and is not waited for any longer. */
const KILL_MS = 2000;
/** Pipes are read for at most this long after the program has ended. */
const DRAIN_MS = 1000;
const REPORTS_FD = 3;

/**
 * Runs a program until it ends or is ended, and leaves nothing of it behind. It has its own process group, nothing on
 * standard input, and a pipe on descriptor 3 (Node.js makes it a socket: it can be written to, but not opened again by
 * a path such as /dev/fd/3). On Windows there are no groups, and only programs built on the C runtime, such as Node.js
 * and Python, inherit the descriptor.
 */
export async function runCommand(options: CommandOptions): Promise<CommandRun> {
  const { clock, now, redactor, run, graceMs = GRACE_MS, timeoutMs, signal } = options;
  const startedMs = clock.now();
  const stdout = new Tail();
  const stderr = new Tail();
  const lines = new ReportLines();
  let tree: ProcessTree | undefined;
  // Before the start: the program runs before Node.js says so, and a signal in between would leave it behind.
  const forget = killedWithUs(() => tree?.kill());
  const child = spawned(options);
  if (typeof child !== 'string' && child.pid !== undefined) {
    tree = processTree(child.pid, run, () => child.exitCode !== null || child.signalCode !== null);
  }
  const failure = typeof child === 'string' ? child : await failureOf(child, options.command);
  if (typeof child === 'string' || failure !== undefined || tree === undefined) {
    forget();
    const reason = redactor.text(failure ?? 'it has no process');
    return {
      outcome: { kind: 'not-started', reason },
      durationMs: clock.now() - startedMs,
      endedMs: now(),
      askedMs: undefined,
      reports: { told: [], faults: [], faultCount: 0 },
      stdout: stdout.read(redactor),
      stderr: stderr.read(redactor),
      leftProcesses: false,
    };
  }
  options.onStarted?.();
  const hear = (bytes: Buffer) => lines.push(bytes, now());
  const streams = [
    listen(child.stdout, (bytes) => {
      stdout.push(bytes);
      if (options.reportsOn === 'stdout') hear(bytes);
    }),
    listen(child.stderr, (bytes) => stderr.push(bytes)),
    // It also exists in the other mode, so that a client that writes to it anyway does not fail.
    listen(child.stdio[REPORTS_FD], (bytes) => {
      if (options.reportsOn === 'fd3') hear(bytes);
    }),
  ];
  const exit = exitOf(child);
  try {
    const byItself = await within(clock, timeoutMs, exit, signal);
    const outcome: CommandOutcome =
      byItself ?? (signal?.aborted === true ? { kind: 'stopped' } : { kind: 'timeout' });
    const isAsked = byItself === undefined;
    const askedMs = isAsked ? now() : undefined;
    if (isAsked) await ask(tree, () => within(clock, graceMs, exit));
    const endedMs = now();
    const durationMs = clock.now() - startedMs;
    const leftProcesses = tree.kill() && !isAsked;
    if ((await within(clock, KILL_MS, exit)) === undefined) child.unref();
    await within(clock, DRAIN_MS, Promise.all(streams.map(({ ended }) => ended)));
    lines.end(now());
    const reports = await readReports(lines.lines, redactor);
    return {
      outcome,
      durationMs,
      endedMs,
      askedMs,
      reports: lines.unreadByteCount === 0 ? reports : cutShort(reports, lines.unreadByteCount, endedMs),
      stdout: stdout.read(redactor),
      stderr: stderr.read(redactor),
      leftProcesses,
    };
  } finally {
    for (const { close } of streams) close();
    forget();
  }
}

/** Asks all processes to end, and gives them time to do so. */
async function ask(tree: ProcessTree, wait: () => Promise<unknown>): Promise<void> {
  const killAsked = tree.ask();
  await wait();
  killAsked();
}

/** A program that is about to run, or the reason why there is none. */
function spawned({ command, args, env, run }: CommandOptions): ChildProcess | string {
  try {
    return spawn(command, args, {
      env: { ...env, [RUN_VARIABLE]: run },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // On Windows a detached program would get a console of its own.
      detached: processesOn().hasGroups,
      windowsHide: true,
    });
  } catch (error) {
    return notStarted(command, error);
  }
}

/** Why a program does not run, once that is known; undefined if it runs. */
function failureOf(child: ChildProcess, command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(undefined));
    // Later errors arrive here too; the end of the program is another event.
    child.on('error', (error) => resolve(notStarted(command, error)));
  });
}

function exitOf(child: ChildProcess): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signal', signal });
    });
  });
}

interface Listening {
  /** Resolves when nothing more comes. */
  readonly ended: Promise<void>;
  readonly close: () => void;
}

function listen(readable: unknown, hear: (bytes: Buffer) => void): Listening {
  if (!(readable instanceof Readable)) throw new TypeError('the program was started without this pipe');
  const ended = new Promise<void>((resolve) => {
    // A reset by the other side is also an end.
    readable
      .on('data', hear)
      .on('error', () => undefined)
      .once('close', resolve);
  });
  return { ended, close: () => void readable.destroy() };
}

/** Notes that output was ignored; how many reports it would have been is unknown. */
function cutShort(reports: Reports, byteCount: number, atMs: number): Reports {
  const message = `${byteCount} bytes of reports are missing here: they were too many to read`;
  return { ...reports, told: [...reports.told, { atMs, fact: { kind: 'note', message, dropped: 1 } }] };
}
