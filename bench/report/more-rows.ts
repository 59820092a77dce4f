import type { ControlResult } from '../rows/control.ts';
import { CALLS } from '../rows/control.ts';
import type { FileName, FileResult } from '../rows/file.ts';
import type { PackResult } from '../rows/pack.ts';
import type { UpgradesResult } from '../rows/redis.ts';
import type { Percentiles, RealtimeResult } from '../load/plan.ts';
import { FRAME_MS } from '../load/speech.ts';
import { aimed } from './aims.ts';
import { alone, compared, without, type Both, type Row } from './row.ts';
import { mean } from '../statistics.ts';

/** Measurements that are made only on request. */
export interface MoreMeasured {
  /** Resident memory before the first connection, in bytes. */
  readonly idleBytes?: Both<number>;
  readonly scale?: readonly { readonly sessions: number; readonly both: Both<RealtimeResult> }[];
  /** `bare`: the control API is not called; `fake`: it is. */
  readonly control?: Both<ControlResult>;
  readonly file?: Readonly<Record<FileName, FileResult>>;
  readonly pack?: PackResult;
  /** Omitted or undefined if there is no Redis. */
  readonly upgrades?: readonly UpgradesResult[] | undefined;
}

const MIB = 2 ** 20;

export function moreRowsOf({
  idleBytes,
  scale,
  control,
  file,
  pack,
  upgrades,
}: MoreMeasured): readonly Row[] {
  return [
    ...(idleBytes === undefined ? [] : idleRows(idleBytes)),
    ...(scale === undefined ? [] : scaleRows(scale)),
    ...(control === undefined ? [] : controlRows(control)),
    ...(file === undefined ? [] : fileRows(file)),
    ...(pack === undefined ? [] : packRows(pack)),
    ...(upgrades === undefined ? [] : upgradeRows(upgrades)),
  ];
}

function idleRows({ bare, fake }: Both<number>): readonly Row[] {
  return [aimed(compared('memory, idle', 'MiB', mean(bare) / MIB, mean(fake) / MIB), 'memory, idle')];
}

type Scale = NonNullable<MoreMeasured['scale']>;

function scaleRows(all: Scale): readonly Row[] {
  const costOf = (results: readonly RealtimeResult[]) => mean(results.map((r) => r.serverCpuUs));
  const rowOf = ({ sessions, both }: Scale[number]) =>
    without(
      compared(`server CPU, ${sessions} sessions`, 'µs/session/s', costOf(both.bare), costOf(both.fake)),
    );
  const paced = all.filter(isPaced).map(rowOf);
  const isEnough = paced.length > 1;
  const most = (of: (row: Row) => number) =>
    isEnough ? Math.max(...paced.map(of)) / Math.min(...paced.map(of)) : NaN;
  const flat = compared(
    'server CPU, most by least',
    '×',
    most((row) => row.bare),
    most((row) => row.fake),
  );
  return [...all.map(rowOf), aimed(flat, 'server CPU, most by least', isEnough)];
}

/** Whether the frames were sent at their pace: a server that gets fewer frames uses less without being better. */
function isPaced({ both }: Scale[number]): boolean {
  return [...both.bare, ...both.fake].every((r) => r.loadLatenessMs.p99 <= FRAME_MS);
}

/** The reasons to doubt these numbers. */
export function moreDoubtsOf({ scale = [] }: MoreMeasured): readonly string[] {
  return scale
    .filter((each) => !isPaced(each))
    .map(
      ({ sessions }) =>
        `with ${sessions} sessions frames were sent too late: "most by least" is without them`,
    );
}

function controlRows({ bare, fake }: Both<ControlResult>): readonly Row[] {
  const late = (results: readonly ControlResult[]) => mean(results.map(({ load }) => load.latenessMs.p99));
  const plain = compared('lateness p99, asked', 'ms', late(bare), late(fake));
  return [
    ...CALLS.map((call) => {
      const p99 = mean(fake.map(({ callMs }) => callMs[call]?.p99 ?? NaN));
      return aimed(alone(`control, ${call} p99`, 'ms', p99), `control, ${call} p99`);
    }),
    aimed(plain, 'lateness p99, asked'),
  ];
}

function fileRows(files: Readonly<Record<FileName, FileResult>>): readonly Row[] {
  const { 'one frame': start, 'many sessions': many, 'one session of an hour': hour } = files;
  // The time to start the command is not spent on judging, but is a large part of the time for a short file.
  const rateOf = ({ events, seconds }: FileResult) => events / (seconds - start.seconds);
  return [
    without(alone('many sessions, events', '', many.events)),
    aimed(alone('many sessions, judged in', 's', many.seconds), 'many sessions, judged in'),
    without(alone('many sessions, events judged', '/s', rateOf(many))),
    aimed(alone('many sessions, memory', 'MiB', many.peakBytes / MIB), 'many sessions, memory'),
    without(alone('one session of an hour, events', '', hour.events)),
    without(alone('one session of an hour, judged in', 's', hour.seconds)),
    aimed(
      compared('one session of an hour, events judged', '/s', rateOf(many), rateOf(hour)),
      'one session of an hour, events judged',
    ),
    without(alone('one session of an hour, memory', 'MiB', hour.peakBytes / MIB)),
  ];
}

function packRows(pack: PackResult): readonly Row[] {
  return [
    without(alone('package, packed', 'KiB', pack.packedBytes / 1024)),
    without(alone('package, unpacked', 'KiB', pack.unpackedBytes / 1024)),
    without(alone('package, files', '', pack.files)),
    without(alone('package, dependencies', '', pack.dependencies)),
    without(alone('package, all installed', '', pack.installed)),
    without(alone('npx, empty cache', 's', pack.coldMs / 1000)),
    without(alone('npx, again', 's', pack.warmMs / 1000)),
  ];
}

/** The column of the bare server has the numbers without Redis, that of the fake those with Redis. */
function upgradeRows(upgrades: readonly UpgradesResult[]): readonly Row[] {
  const both = (measure: string, of: (percentiles: Percentiles) => number) =>
    compared(
      measure,
      'ms',
      mean(upgrades.map(({ memory }) => of(memory))),
      mean(upgrades.map(({ redis }) => of(redis))),
    );
  return [
    without(both('upgrade p50, Redis', (each) => each.p50)),
    aimed(
      both('upgrade p99, Redis', (each) => each.p99),
      'upgrade p99, Redis',
    ),
  ];
}
