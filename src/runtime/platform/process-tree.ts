import { processesOn, type Processes, type Running } from './processes.ts';

/** The variable that identifies processes that have left their group. */
export const RUN_VARIABLE = 'UNDERSTUDY_RUN';

/** Rounds of looking for processes that were started while others were killed. */
const MOST_ROUNDS = 10;

/** A program that was started, and what it has started itself. */
export interface ProcessTree {
  /** The living processes: the group, its descendants, and on Linux every process with the variable. */
  find(): readonly Running[];
  /**
   * Asks all of them to end; on Windows, where that is impossible, they are killed. Returns a function that kills those
   * asked.
   */
  ask(): () => void;
  /**
   * Kills all of them. Returns whether there was anything besides the program itself.
   *
   * A process that has left the group (setsid) is found as long as its parents live, and on Linux as long as it has the
   * variable in its environment. It does not find a process that has given up its environment, its group and its
   * parents, one of another user, and on Windows one whose parent has ended.
   */
  kill(): boolean;
}

/**
 * @param leader the program, which leads a group if the platform has groups
 * @param run the value of {@link RUN_VARIABLE} in its environment
 * @param hasEnded whether the program itself has ended: without groups, its number may have been given to another
 * process
 */
export function processTree(
  leader: number,
  run: string,
  hasEnded: () => boolean,
  processes: Processes = processesOn(),
): ProcessTree {
  const signalGroup = (signal: NodeJS.Signals) => {
    if (processes.hasGroups || !hasEnded()) processes.signalGroup(leader, signal);
  };
  /** Signals those processes found before that are still the same. */
  const signalFound = (found: readonly Running[], signal: NodeJS.Signals) => {
    if (found.length === 0) return;
    const now = new Map(processes.living().map(({ pid, began }) => [pid, began]));
    for (const { pid, began } of found) if (now.get(pid) === began) processes.signal(pid, signal);
  };
  const find = () => {
    const all = processes.living();
    const found = new Map<number, Running>();
    const own = all.find(({ pid }) => pid === process.pid);
    for (const one of all) {
      const isOurs =
        one.pid === leader ||
        one.group === leader ||
        (!isOlder(one, own) && isMarked(processes.environmentOf(one.pid), run));
      if (isOurs) found.set(one.pid, one);
    }
    // Repeats until no more descendants are found.
    for (let before = -1; before < found.size;) {
      before = found.size;
      for (const one of all) if (found.has(one.parent)) found.set(one.pid, one);
    }
    found.delete(process.pid);
    return [...found.values()];
  };
  return {
    find,
    ask() {
      // Those that have left the group are remembered, because later their parents are gone.
      const strays = find().filter(({ group }) => group !== leader);
      signalGroup('SIGTERM');
      signalFound(strays, 'SIGTERM');
      return () => signalFound(strays, 'SIGKILL');
    },
    kill() {
      let others = false;
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const found = find().filter(({ pid }) => pid !== leader);
        others ||= found.length > 0;
        signalGroup('SIGKILL');
        signalFound(found, 'SIGKILL');
        if (found.length === 0) break;
      }
      return others;
    },
  };
}

/** Whether a process began before ours, so that we cannot have started it. Only on Linux are the times numbers. */
function isOlder({ began }: Running, own: Running | undefined): boolean {
  return own !== undefined && Number(began) < Number(own.began);
}

function isMarked(environment: string, run: string): boolean {
  return `\0${environment}`.includes(`\0${RUN_VARIABLE}=${run}\0`);
}
