import { readFileSync } from 'node:fs';

/** Linux reports processor time to user space in hundredths of a second, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;

/** Processor time of all threads of a process, user and system, in milliseconds (10 ms steps). */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** The same for a process and those that it has started. */
export function cpuMsOfAll(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number))].reduce(
    (sum, each) => sum + cpuMsOf(each),
    0,
  );
}

/** Time that all cores together did not idle, since the machine was started, in milliseconds. */
export function machineBusyMs(): number {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in user already.
  const fields = line.split(/\s+/).slice(1, 9).map(Number);
  const busy = fields.filter((_, i) => i !== 3 && i !== 4).reduce((sum, ticks) => sum + ticks, 0);
  return (busy * 1000) / TICKS_PER_SECOND;
}

/** Resident memory of a process in bytes. */
export function residentBytesOf(pid: number): number {
  const found = /^Rss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  if (found === null) throw new Error(`/proc/${pid}/smaps_rollup names no Rss`);
  return Number(found[1]) * 1024;
}

/**
 * How many files and sockets this process and its children may open. Node.js has already raised the limit as far as
 * possible.
 */
export function openFilesLimit(): number {
  const found = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  return found?.[1] === undefined || found[1] === 'unlimited' ? Infinity : Number(found[1]);
}

/** The most resident memory that a process had so far, in bytes; 0 when it is gone. */
export function peakBytesOf(pid: number): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
