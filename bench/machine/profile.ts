import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of V8's profile format that is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly where: string;
  readonly ms: number;
  /** The share of the time in which the process was not idle, 0 to 1. */
  readonly share: number;
}

const IDLE = new Set(['(idle)', '(root)']);

/** Functions by the time spent in themselves, longest first, from the newest profile in a directory. */
export function selfTimes(directory: string, most: number): readonly SelfTime[] {
  const newest = readdirSync(directory)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`no profile was written to ${directory}`);
  const profile = JSON.parse(readFileSync(join(directory, newest), 'utf8')) as CpuProfile;

  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let busyMs = 0;
  profile.samples.forEach((id, i) => {
    const name = names.get(id) ?? '(unknown)';
    const ms = (profile.timeDeltas[i] ?? 0) / 1000;
    if (IDLE.has(name)) return;
    busyMs += ms;
    times.set(name, (times.get(name) ?? 0) + ms);
  });
  return [...times]
    .map(([where, ms]) => ({ where, ms, share: ms / busyMs }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, most);
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName;
  const file = url.replace(/^.*\/(?=dist\/|node_modules\/|[^/]+\/[^/]+$)/, '');
  return `${functionName === '' ? '(anonymous)' : functionName} ${file}:${lineNumber + 1}`;
}
