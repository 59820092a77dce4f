import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. */
export interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** When it began, as the system writes it: this distinguishes it from a later process with the same number. */
  readonly began: string;
}

/** The programs that a platform uses to list processes and to end them. */
export interface SystemCalls {
  /** What a program writes to standard output; undefined if it fails or there is no such program. */
  readonly run: (command: string, args: readonly string[]) => string | undefined;
  /** Sends a signal. @throws what Node.js throws */
  readonly kill: (pid: number, signal: NodeJS.Signals) => void;
}

/** How processes are found and ended on a platform. */
export interface Processes {
  /** Whether a program can lead a group of processes that gets signals as a whole. */
  readonly hasGroups: boolean;
  /** All living processes, of all users. Empty if the system has no cheap way to list them (Windows). */
  living(): readonly Running[];
  /**
   * The variables that a process was started with, each after a NUL; empty if they cannot be read (on all but Linux).
   */
  environmentOf(pid: number): string;
  /** Sends a signal to a process; one that has ended, or belongs to another user, is ignored. */
  signal(pid: number, signal: NodeJS.Signals): void;
  /**
   * Sends a signal to a program and what it has started: its group, if the platform has groups. Windows has no signals,
   * so there they are ended immediately, as long as the program itself lives.
   */
  signalGroup(leader: number, signal: NodeJS.Signals): void;
}

/** A program of the system that takes longer is given up. */
const SYSTEM_CALL_MS = 5000;

const REAL_CALLS: SystemCalls = {
  run(command, args) {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    const options = { encoding: 'utf8', stdio, timeout: SYSTEM_CALL_MS, windowsHide: true } as const;
    const { status, stdout } = spawnSync(command, args, options);
    return status === 0 ? stdout : undefined;
  },
  kill: (pid, signal) => void process.kill(pid, signal),
};

/** @param platform one of `process.platform` */
export function processesOn(
  platform: NodeJS.Platform = process.platform,
  calls: SystemCalls = REAL_CALLS,
): Processes {
  const signal = (pid: number, name: NodeJS.Signals) => {
    try {
      calls.kill(pid, name);
    } catch {
      // It has ended, or belongs to another user.
    }
  };
  if (platform === 'win32') {
    return {
      hasGroups: false,
      living: () => [],
      environmentOf: () => '',
      signal,
      signalGroup(leader) {
        // /T: with its children. Old versions do not know it; then at least the program itself ends.
        const ended = calls.run('taskkill', ['/PID', String(leader), '/T', '/F']);
        if (ended === undefined) signal(leader, 'SIGKILL');
      },
    };
  }
  return {
    hasGroups: true,
    living: platform === 'linux' ? listedInProc : () => listedByPs(calls),
    environmentOf: platform === 'linux' ? (pid) => readProc(`${pid}/environ`) : () => '',
    signal,
    signalGroup(leader, name) {
      // 0 would be our own group, and 1 every process.
      if (leader > 1) signal(-leader, name);
    },
  };
}

function listedInProc(): readonly Running[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (inProc(name) ?? []) : []));
  } catch {
    return [];
  }
}

/** Undefined for a process that has ended, including a zombie. */
function inProc(pid: string): Running | undefined {
  const stat = readProc(`${pid}/stat`);
  // The name in parentheses may contain anything, including parentheses.
  const [state = 'Z', parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return undefined;
  // The third of these fields is the 6th of proc(5), and the 22nd is the time.
  return { pid: Number(pid), parent: Number(parent), group: Number(group), began: rest[22 - 6] ?? '' };
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return '';
  }
}

/** Columns that ps(1) has on macOS and elsewhere; the empty headings suppress the first line. */
const PS = ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'pgid=', '-o', 'stat=', '-o', 'lstart='];

function listedByPs({ run }: SystemCalls): readonly Running[] {
  return (run('ps', PS) ?? '').split('\n').flatMap((line) => {
    const [pid, parent, group, state = 'Z', ...began] = line.trim().split(/\s+/);
    if (pid === undefined || pid === '' || state.startsWith('Z')) return [];
    return { pid: Number(pid), parent: Number(parent), group: Number(group), began: began.join(' ') };
  });
}
