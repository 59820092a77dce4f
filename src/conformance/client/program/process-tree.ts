import { readdirSync, readFileSync } from 'node:fs';

/** The variable that identifies processes that have left their group. */
export const RUN_VARIABLE = 'UNDERSTUDY_RUN';

/** A process of a program that was started, or of one that it started. */
export interface Started {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** When it began, in ticks: this distinguishes it from a later process with the same number. */
  readonly beganTicks: number;
}

/** Rounds of looking for processes that were started while others were killed. */
const MOST_ROUNDS = 10;

/** Sends a signal to a process group. A group that has ended, or belongs to another user, is ignored. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  // 0 would be our own group, and 1 every process.
  if (group > 1) send(-group, signal);
}

/** Sends a signal to processes that were found before, if they are still the same. */
export function signalProcesses(processes: readonly Started[], signal: NodeJS.Signals): void {
  for (const { pid, beganTicks } of processes) {
    if (readProcess(String(pid))?.beganTicks === beganTicks) send(pid, signal);
  }
}

/**
 * Kills the group of a program and the processes that have left it. Returns whether there was anything besides the
 * program itself.
 *
 * A process that has left the group (setsid) is found on Linux as long as its parents live or it has the variable in
 * its environment. Not found are a process that has given up its environment, its group and its parent, one that has
 * left its group on another system, and one of another user.
 */
export function killTree(leader: number, run: string): boolean {
  let others = false;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = processesOf(leader, run).filter(({ pid }) => pid !== leader);
    others ||= found.length > 0;
    signalGroup(leader, 'SIGKILL');
    signalProcesses(found, 'SIGKILL');
    if (found.length === 0) break;
  }
  return others;
}

/** The living processes of a run: the group, its descendants, and every process with the variable. Linux only. */
export function processesOf(leader: number, run: string): readonly Started[] {
  const all = livingProcesses();
  const found = new Map<number, Started>();
  for (const one of all) {
    const isOurs = one.pid === leader || one.group === leader || isMarked(one.pid, run);
    if (isOurs) found.set(one.pid, one);
  }
  // Repeats until no more descendants are found.
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const one of all) if (found.has(one.parent)) found.set(one.pid, one);
  }
  found.delete(process.pid);
  return [...found.values()];
}

function livingProcesses(): readonly Started[] {
  if (process.platform !== 'linux') return [];
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(name) ?? []) : []));
  } catch {
    return [];
  }
}

/** Undefined for a process that has ended, including a zombie. */
function readProcess(pid: string): Started | undefined {
  const stat = readProc(`${pid}/stat`);
  // The name in parentheses may contain anything, including parentheses.
  const [state = 'Z', parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return undefined;
  // The third of these fields is the 6th of proc(5), and the 22nd is the time.
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    beganTicks: Number(rest[22 - 6]),
  };
}

function isMarked(pid: number, run: string): boolean {
  return `\0${readProc(`${pid}/environ`)}`.includes(`\0${RUN_VARIABLE}=${run}\0`);
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return '';
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended, or belongs to another user.
  }
}
