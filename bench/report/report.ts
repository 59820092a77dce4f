import type { LoadResult } from '../rows/load-command.ts';
import type { MemoryResult } from '../rows/measures.ts';
import type { MinuteResult } from '../rows/page.ts';
import type { RealtimeResult, SessionsResult, UnpacedResult } from '../load/plan.ts';
import { aimed } from './aims.ts';
import { alone, compared, without, type Both, type Plain, type Row } from './row.ts';
import { figure, lined } from './text.ts';
import { moreDoubtsOf, moreRowsOf, type MoreMeasured } from './more-rows.ts';
import type { JudgingResult, RunnerResult } from '../rows/runner.ts';
import { mean, median } from '../statistics.ts';

/** All measurements, with one entry per round; a measurement that was not made is undefined. */
export interface Measured extends MoreMeasured {
  readonly realtime?: Both<RealtimeResult>;
  readonly memory?: Both<MemoryResult>;
  readonly unpaced?: Both<UnpacedResult>;
  readonly startMs?: Both<number>;
  /** `bare` is a client of `ws` alone, and plain JSON.parse; `fake` is the runner. */
  readonly runner?: Both<RunnerResult>;
  readonly judging?: Both<JudgingResult>;
  /** `bare` is the fake alone; `fake` is the same while its live page is open. */
  readonly reader?: Both<RealtimeResult>;
  readonly minute?: MinuteResult | undefined;
  /** `bare` is the fake as one process; `fake` has two workers. */
  readonly workers?: Both<SessionsResult>;
  /** `understudy load` against the bare server and against the fake, with more and more sessions. */
  readonly load?: readonly Both<LoadResult>[];
}

/** Beyond this, lateness is not the server's, or cannot be distinguished from that of a busy machine. */
const TOO_LATE_MS = 20;
/** Servers that differ by more in what they send are not compared fairly. */
const FAIR_SHARE = 0.1;
/** With more other work than this on the machine, lateness is due to that work. */
const OTHER_CORES = 0.1;

/** The table: one row a measure. */
export function tableOf(measured: Measured): readonly Row[] {
  const {
    realtime,
    memory,
    unpaced,
    startMs,
    runner,
    judging,
    reader,
    minute,
    workers,
    load = [],
  } = measured;
  const rows: Row[] = [];
  if (realtime !== undefined) {
    const pick = (measure: string, unit: string, of: (result: RealtimeResult) => number) =>
      row(measure, unit, realtime, of);
    rows.push(
      aimed(
        pick('server CPU', 'µs/session/s', (r) => r.serverCpuUs),
        'server CPU',
      ),
      ...againstFloor(realtime),
      pick('lateness p50', 'ms', (r) => r.latenessMs.p50),
      inTime(
        pick('lateness p99', 'ms', (r) => r.latenessMs.p99),
        isQuiet(realtime),
      ),
      pick('answer time p50', 'ms', (r) => r.answerMs.p50),
      pick('answer time p99', 'ms', (r) => r.answerMs.p99),
      pick('frames sent late p99', 'ms', (r) => r.loadLatenessMs.p99),
      pick('load generator busy', 'cores', (r) => r.loadCores),
      pick('partials', '/session/s', (r) => r.partialsPerSecond),
      pick('finals', '/session/s', (r) => r.finalsPerSecond),
      pick('result text', 'B/session/s', (r) => r.bytesPerSecond),
    );
  }
  if (memory !== undefined) {
    const pick = (measure: string, of: (result: MemoryResult) => number) =>
      row(measure, 'KiB/session', memory, (r) => of(r) / 1024);
    rows.push(
      aimed(
        pick('memory, started', (r) => r.idleBytes),
        'memory, started',
      ),
      aimed(
        pick('memory, streamed', (r) => r.streamedBytes),
        'memory, streamed',
      ),
      pick('in use, started', (r) => r.idleLiveBytes),
      pick('in use, streamed', (r) => r.streamedLiveBytes),
    );
  }
  if (unpaced !== undefined) {
    const pick = (measure: string, unit: string, of: (result: UnpacedResult) => number) =>
      row(measure, unit, unpaced, of);
    rows.push(
      aimed(
        pick('unpaced results', '/s', (r) => r.resultsPerSecond),
        'unpaced results',
      ),
      pick('unpaced results', '/CPU s', (r) => r.resultsPerCpuSecond),
      pick('unpaced audio', '× real time', (r) => r.audioSpeed),
      pick('unpaced, load busy', 'cores', (r) => r.loadCores),
    );
  }
  if (startMs !== undefined) {
    rows.push(aimed(compared('cold start', 'ms', median(startMs.bare), median(startMs.fake)), 'cold start'));
  }
  if (workers !== undefined) {
    const pick = (measure: string, unit: string, of: (result: SessionsResult) => number) =>
      row(`workers, ${measure}`, unit, workers, of);
    rows.push(
      pick('sessions', '/s', (r) => r.sessionsPerSecond),
      pick('server busy', 'cores', (r) => r.serverCores),
      pick('load busy', 'cores', (r) => r.loadCores),
    );
  }
  for (const each of load) {
    const [{ sessions } = { sessions: 0 }] = each.fake;
    const pick = (measure: string, unit: string, of: (result: LoadResult) => number) =>
      row(`load of ${sessions}, ${measure}`, unit, each, of);
    rows.push(
      aimed(
        pick('own lateness p99', 'ms', (r) => r.lateP99),
        'load of N, own lateness p99',
      ),
      pick('most open', '', (r) => r.mostOpen),
      pick('generator busy', 'cores', (r) => r.loadCores),
      pick('server busy', 'cores', (r) => r.serverCores),
    );
  }
  if (runner !== undefined) {
    rows.push(
      aimed(
        row('runner, conversations', '/s', runner, (r) => r.sessionsPerSecond),
        'runner, conversations',
      ),
    );
  }
  if (judging !== undefined) {
    rows.push(
      aimed(
        row('runner, events judged', '/s', judging, (r) => r.eventsPerSecond),
        'runner, events judged',
      ),
    );
  }
  if (reader !== undefined) rows.push(...rowsOfReader(reader));
  if (minute !== undefined) rows.push(...rowsOfMinute(minute, reader === undefined || isQuietAlone(reader)));
  rows.push(...moreRowsOf(measured));
  return rows;
}

/** The column of the fake has the cost with a reader of its page, that of the bare server the cost without one. */
function rowsOfReader(reader: Both<RealtimeResult>): readonly Row[] {
  const cpu = row('server CPU, page open', 'µs/session/s', reader, (r) => r.serverCpuUs);
  return [
    aimed(cpu, 'server CPU, page open', isQuietAlone(reader)),
    row('lateness p50, page open', 'ms', reader, (r) => r.latenessMs.p50),
    row('lateness p99, page open', 'ms', reader, (r) => r.latenessMs.p99),
  ];
}

function rowsOfMinute(minute: MinuteResult, isQuietMachine: boolean): readonly Row[] {
  const { heapBytes, liveBytes, longestTaskMs, sessionsPerSecond, lost } = minute;
  return [
    without(alone('page, sessions', '/s', sessionsPerSecond)),
    aimed(alone('page, sessions lost', '', lost), 'page, sessions lost'),
    aimed(alone('page, heap at most', 'MiB', heapBytes / 2 ** 20), 'page, heap at most'),
    without(alone('page, heap in use', 'MiB', liveBytes / 2 ** 20)),
    // A page that waits for the processor is late through no fault of its own.
    aimed(alone('page, longest task', 'ms', longestTaskMs), 'page, longest task', isQuietMachine),
  ];
}

/** Whether the machine was otherwise idle while the page was not open: its reader is another process, too. */
function isQuietAlone({ bare }: Both<RealtimeResult>): boolean {
  return mean(bare.map((r) => r.otherCores)) <= OTHER_CORES;
}

/** The reasons to doubt the numbers; empty if there are none. */
export function doubtsOf(measured: Measured): readonly string[] {
  const { realtime, memory, reader } = measured;
  const doubts: string[] = [...moreDoubtsOf(measured)];
  if (realtime !== undefined) {
    const results = (name: 'bare' | 'fake') =>
      mean(realtime[name].map((r) => r.partialsPerSecond + r.finalsPerSecond));
    const share = results('fake') / results('bare');
    if (!(Math.abs(share - 1) <= FAIR_SHARE)) {
      doubts.push(`unfair: the fake sent ${share.toFixed(2)} times as many results as the bare server`);
    }
    if (!isQuiet(realtime)) doubts.push('other processes were busy on this machine meanwhile');
    for (const name of ['bare', 'fake'] as const) {
      const early = mean(realtime[name].map((r) => r.early / (r.partialsPerSecond || 1)));
      if (early > 0)
        doubts.push(`partials of the ${name} server came before they were due: lateness means nothing`);
      const load = mean(realtime[name].map((r) => r.loadLatenessMs.p99));
      if (load > TOO_LATE_MS)
        doubts.push(`the load generator itself was ${load.toFixed(0)} ms late (${name})`);
    }
  }
  if (reader !== undefined && !isQuietAlone(reader))
    doubts.push('other processes were busy while the page was measured: nothing can be said of it');
  if (memory !== undefined && mean(memory.bare.map((r) => r.idleBytes)) < 1024) {
    doubts.push('too few sessions to tell the memory of one');
  }
  return doubts;
}

/** The table as text for people. */
export function textOf(rows: readonly Row[]): string {
  const cells = rows.map((r) => [
    r.measure,
    r.unit,
    figure(r.bare),
    figure(r.fake),
    Number.isFinite(r.ratio) ? r.ratio.toFixed(2) : '-',
    r.aim ?? '',
    r.aim === undefined ? '' : r.met === undefined ? 'cannot tell' : r.met ? 'yes' : 'NO',
  ]);
  return lined(
    [['measure', 'unit', 'bare', 'fake', 'ratio', 'aim', 'met'], ...cells],
    (column) => column >= 2 && column <= 4,
  );
}

function row<Result>(measure: string, unit: string, both: Both<Result>, of: (result: Result) => number): Row {
  return without(compared(measure, unit, mean(both.bare.map(of)), mean(both.fake.map(of))));
}

/** The floor is shown in the column of the bare server. */
function againstFloor({ floor = [], fake }: Both<RealtimeResult>): readonly Row[] {
  if (floor.length === 0) return [];
  const both = { bare: floor, fake };
  return [
    aimed(
      row('server CPU, floor', 'µs/session/s', both, (r) => r.serverCpuUs),
      'server CPU, floor',
    ),
  ];
}

function inTime(plain: Plain, quiet: boolean): Row {
  return aimed(plain, 'lateness p99', quiet && plain.bare <= TOO_LATE_MS);
}

/** Whether the machine was otherwise idle: a server that waits for a core is late through no fault of its own. */
function isQuiet({ bare, fake }: Both<RealtimeResult>): boolean {
  return mean([...bare, ...fake].map((r) => r.otherCores)) <= OTHER_CORES;
}
