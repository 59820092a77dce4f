import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { endChildrenWithUs } from './machine/children.ts';
import { LOAD_SIZES, measureLoad, type LoadResult } from './rows/load-command.ts';
import { measureControl } from './rows/control.ts';
import { measureFile, type FileName } from './rows/file.ts';
import {
  measureIdle,
  measureMemory,
  measureRealtime,
  measureSessions,
  measureStart,
  measureUnpaced,
} from './rows/measures.ts';
import { readOptions, USAGE, type Measure, type Options } from './options.ts';
import { measureMinute, measureReader, missingBrowser, type MinuteResult } from './rows/page.ts';
import { measurePack } from './rows/pack.ts';
import { measureUpgrades, missingRedis, type UpgradesResult } from './rows/redis.ts';
import type { RealtimeResult } from './load/plan.ts';
import { openFilesLimit } from './machine/proc.ts';
import { measurePeers } from './peers/run.ts';
import { peerNotes, peerRows, peerText } from './peers/table.ts';
import { selfTimes } from './machine/profile.ts';
import { aimsTable } from './report/aims.ts';
import { doubtsOf, tableOf, textOf, type Measured } from './report/report.ts';
import type { Both } from './report/row.ts';
import { measureJudging, measureRunner } from './rows/runner.ts';
import { measureScale, SCALE } from './rows/scale.ts';
import { isFlat, soak, soakTable } from './rows/soak.ts';
import { missingServer, type ServerName } from './servers/start.ts';

const STARTS = 15;
/** The first round includes compilation. */
const RUNNER_ROUNDS = 4;
const WORKERS = 2;
const TOP_FUNCTIONS = 30;
/** Descriptors that a process opens in addition to those of its sessions: files, pipes, and those of the event loop. */
const OTHER_FILES = 64;

interface Machine {
  readonly node: string;
  readonly cores: number;
  readonly processor: string;
}

/** Results go to stdout, progress to stderr. */
const talk = (text: string) => process.stderr.write(`${text}\n`);

/** Alternates between the servers, so that other work of the machine affects all of them. */
async function alternate<Result>(
  title: string,
  rounds: number,
  measure: (name: ServerName) => Promise<Result>,
  tell: (result: Result) => string,
  labels: Partial<Readonly<Record<ServerName, string>>> = {},
  names: readonly ServerName[] = ['bare', 'fake'],
): Promise<Both<Result>> {
  const all: Record<ServerName, Result[]> = { bare: [], floor: [], fake: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      const result = await measure(name);
      all[name].push(result);
      talk(`${title} ${round}/${rounds} ${labels[name] ?? name}: ${tell(result)}`);
    }
  }
  return all;
}

async function measureAll({ sessions, seconds, rounds, only }: Options): Promise<Measured> {
  const wanted = (measure: Measure) => only.includes(measure);
  return {
    ...(wanted('start') && {
      startMs: await alternate('start', STARTS, measureStart, (ms) => `${ms.toFixed(0)} ms`),
    }),
    ...(wanted('memory') && {
      memory: await alternate(
        'memory',
        rounds,
        (name) => measureMemory(name, sessions),
        (r) => `${kib(r.idleBytes)} a session started, ${kib(r.streamedBytes)} after streaming`,
      ),
    }),
    ...(wanted('unpaced') && {
      unpaced: await alternate('unpaced', rounds, measureUnpaced, (r) => {
        return `${r.resultsPerSecond.toFixed(0)} results/s, server ${r.serverCores.toFixed(2)} and load ${r.loadCores.toFixed(2)} cores`;
      }),
    }),
    ...(wanted('workers') && {
      workers: await alternate(
        'workers',
        rounds,
        (name) => measureSessions(name === 'fake' ? WORKERS : 1),
        (r) =>
          `${r.sessionsPerSecond.toFixed(1)} sessions/s, server ${r.serverCores.toFixed(2)} and load ${r.loadCores.toFixed(2)} cores`,
        { bare: 'one process', fake: `${WORKERS} workers` },
      ),
    }),
    ...(wanted('load') && { load: await measureLoads() }),
    ...(wanted('idle') && {
      idleBytes: await alternate('idle', rounds, measureIdle, (bytes) => kib(bytes)),
    }),
    ...(wanted('scale') && { scale: await measureScales(rounds) }),
    ...(wanted('control') && {
      control: await alternate(
        'control',
        rounds,
        (name) => measureControl(name === 'fake', sessions, seconds),
        ({ load }) => tellRealtime(load),
        { bare: 'not asked', fake: 'asked' },
      ),
    }),
    ...(wanted('file') && { file: await measureFiles() }),
    ...(wanted('redis') && { upgrades: await measureRedis(rounds) }),
    ...(wanted('pack') && { pack: await measurePack() }),
    ...(wanted('runner') && {
      runner: await alternate(
        'runner',
        RUNNER_ROUNDS,
        (name) => measureRunner(name === 'fake' ? 'runner' : 'bare'),
        (r) => `${r.sessionsPerSecond.toFixed(0)} sessions/s`,
        { fake: 'runner' },
      ),
    }),
    ...(wanted('judging') && {
      judging: await alternate(
        'judging',
        RUNNER_ROUNDS,
        (name) => measureJudging(name === 'fake' ? 'runner' : 'bare'),
        (r) => `${r.eventsPerSecond.toFixed(0)} events/s`,
        { fake: 'runner' },
      ),
    }),
    ...(wanted('page') && {
      reader: await alternate(
        'page',
        rounds,
        (name) => measureReader(name === 'fake', sessions, seconds),
        tellRealtime,
        { fake: 'with a reader' },
      ),
      minute: await minuteOf(),
    }),
    ...(wanted('realtime') && {
      realtime: await alternate(
        'realtime',
        rounds,
        (name) => measureRealtime(name, sessions, seconds),
        tellRealtime,
        {},
        ['bare', 'floor', 'fake'],
      ),
    }),
  };
}

/** Undefined where there is no browser. */
async function minuteOf(): Promise<MinuteResult | undefined> {
  const missing = missingBrowser();
  if (missing !== undefined) return void talk(missing);
  const result = await measureMinute();
  talk(
    `page, one minute: ${result.sessionsPerSecond.toFixed(0)} sessions/s, heap ${kib(result.heapBytes)}, ` +
      `${result.longTasks} long tasks, the longest ${result.longestTaskMs.toFixed(0)} ms`,
  );
  return result;
}

async function measureLoads(): Promise<readonly Both<LoadResult>[]> {
  const all: Both<LoadResult>[] = [];
  for (const size of LOAD_SIZES) {
    all.push(
      await alternate(
        `load of ${size}`,
        1,
        (name) => measureLoad(name, size),
        (r) =>
          `generator ${r.lateP99.toFixed(1)} ms late (p99), ${r.mostOpen} open, generator ${r.loadCores.toFixed(2)} and server ${r.serverCores.toFixed(2)} cores`,
      ),
    );
  }
  return all;
}

/** Measures each number of sessions with both servers in turn. */
async function measureScales(rounds: number): Promise<NonNullable<Measured['scale']>> {
  const all: NonNullable<Measured['scale']>[number][] = [];
  for (const sessions of SCALE) {
    const measure = (name: ServerName) => measureScale(name, sessions);
    all.push({ sessions, both: await alternate(`${sessions} sessions`, rounds, measure, tellRealtime) });
  }
  return all;
}

/** None where there is no Redis. */
async function measureRedis(rounds: number): Promise<readonly UpgradesResult[] | undefined> {
  const missing = missingRedis();
  if (missing !== undefined) return void talk(missing);
  const all: UpgradesResult[] = [];
  for (let round = 1; round <= rounds; round++) {
    const result = await measureUpgrades();
    const tell = ({ p50, p99, max }: UpgradesResult['redis']) =>
      `p50 ${p50.toFixed(2)} p99 ${p99.toFixed(2)} max ${max.toFixed(1)} ms`;
    const left = `${result.interrupted} left out for garbage of the client`;
    talk(`redis ${round}/${rounds}: without ${tell(result.memory)}, with ${tell(result.redis)}; ${left}`);
    all.push(result);
  }
  return all;
}

async function measureFiles(): Promise<NonNullable<Measured['file']>> {
  const measure = async (name: FileName) => {
    const result = await measureFile(name);
    talk(
      `file, ${name}: ${result.events} events in ${result.seconds.toFixed(1)} s, ${kib(result.peakBytes)}`,
    );
    return result;
  };
  return {
    'one frame': await measure('one frame'),
    'many sessions': await measure('many sessions'),
    'one session of an hour': await measure('one session of an hour'),
  };
}

async function profile({ sessions, seconds }: Options, directory: string): Promise<void> {
  const result = await measureRealtime('fake', sessions, seconds, [
    '--cpu-prof',
    `--cpu-prof-dir=${directory}`,
  ]);
  talk(tellRealtime(result));
  for (const { where, ms, share } of selfTimes(directory, TOP_FUNCTIONS)) {
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${ms.toFixed(0).padStart(7)} ms  ${where}`);
  }
}

async function comparePeers({ sessions, rounds, json }: Options, machine: Machine): Promise<void> {
  const measured = await measurePeers(sessions, rounds, talk);
  const rows = peerRows(measured, sessions);
  const notes = peerNotes(measured);
  if (json) {
    console.log(JSON.stringify({ ...machine, sessions, rounds, rows, notes, measured }, null, 2));
    return;
  }
  console.log(
    `node ${machine.node}, ${machine.cores} cores (${machine.processor}), ${sessions} connections\n`,
  );
  console.log(peerText(rows, measured));
  for (const note of notes) console.log(`\n${note}`);
}

function tellRealtime(r: RealtimeResult): string {
  const { p50, p99, max } = r.latenessMs;
  return (
    `${r.serverCpuUs.toFixed(0)} µs/session/s (${r.serverCores.toFixed(2)} cores), ` +
    `lateness p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} max ${max.toFixed(1)} ms, ` +
    `load generator ${r.loadLatenessMs.p99.toFixed(1)} ms late (p99), ${r.loadCores.toFixed(2)} cores, ` +
    `others ${r.otherCores.toFixed(2)} cores`
  );
}

function kib(byteCount: number): string {
  return `${(byteCount / 1024).toFixed(1)} KiB`;
}

/** Why nothing can be measured here, or undefined. */
function obstacle({ sessions: asked, only }: Options): string | undefined {
  const sessions = only.includes('scale') ? Math.max(asked, ...SCALE) : asked;
  if (process.platform !== 'linux')
    return 'processor time and memory of the servers are read from /proc, which only Linux has';
  const files = openFilesLimit();
  if (files < sessions + OTHER_FILES) {
    return `${sessions} sessions need ${sessions + OTHER_FILES} open files and this shell allows ${files}: raise it with \`ulimit -n\`, or pass fewer --sessions`;
  }
  return missingServer();
}

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    talk(`${String(error)}\n${USAGE}`);
    return 2;
  }
  if (options.aims) {
    console.log(aimsTable());
    return 0;
  }
  const hindrance = obstacle(options);
  if (hindrance !== undefined) {
    talk(`bench: ${hindrance}`);
    return 2;
  }
  endChildrenWithUs();
  if (options.profile !== undefined) {
    await profile(options, resolve(options.profile));
    return 0;
  }
  if (options.soak !== undefined) {
    const checkpoints = await soak(options.soak, talk);
    if (options.json) console.log(JSON.stringify({ flat: isFlat(checkpoints), checkpoints }, null, 2));
    else console.log(soakTable(checkpoints));
    return 0;
  }
  const machine = { node: process.version, cores: cpus().length, processor: cpus()[0]?.model ?? 'unknown' };
  if (options.peers) {
    await comparePeers(options, machine);
    return 0;
  }
  const measured = await measureAll(options);
  const rows = tableOf(measured);
  const doubts = doubtsOf(measured);
  if (options.json) {
    console.log(JSON.stringify({ ...machine, options, rows, doubts, measured }, null, 2));
    return 0;
  }
  console.log(
    `node ${machine.node}, ${machine.cores} cores (${machine.processor}), ${options.sessions} sessions, ${options.seconds} s\n`,
  );
  console.log(textOf(rows));
  for (const doubt of doubts) console.log(`\nNote: ${doubt}.`);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    talk(`bench: could not measure: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
