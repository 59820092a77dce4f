import type { ControlResult } from '../rows/control.ts';
import { CALLS } from '../rows/control.ts';
import type { FileName, FileResult } from '../rows/file.ts';
import type { PackResult } from '../rows/pack.ts';
import type { RealtimeResult } from '../load/plan.ts';
import type { Both, Row } from './report.ts';
import { mean } from '../statistics.ts';

/** What is measured only when asked for. */
export interface MoreMeasured {
  /** Resident memory before the first connection, in bytes. */
  readonly idleBytes?: Both<number>;
  readonly scale?: readonly { readonly sessions: number; readonly both: Both<RealtimeResult> }[];
  /** `bare`: nobody asks; `fake`: the control API is asked. */
  readonly control?: Both<ControlResult>;
  readonly file?: readonly { readonly name: FileName; readonly result: FileResult }[];
  readonly pack?: PackResult;
}

const MIB = 2 ** 20;
const IDLE_MIB = 75;
/** How much dearer a session may be at one number of sessions than at another. */
const FLAT = 1.15;
const CALL_MS = 20;
const ADDED_MS = 2;
const FILE_SECONDS = 10;
const FILE_MIB = 500;

export function moreRowsOf({ idleBytes, scale, control, file, pack }: MoreMeasured): readonly Row[] {
  return [
    ...(idleBytes === undefined ? [] : idleRows(idleBytes)),
    ...(scale === undefined ? [] : scaleRows(scale)),
    ...(control === undefined ? [] : controlRows(control)),
    ...(file ?? []).flatMap(fileRows),
    ...(pack === undefined ? [] : packRows(pack)),
  ];
}

function idleRows({ bare, fake }: Both<number>): readonly Row[] {
  const plain = compared('memory, idle', 'MiB', mean(bare) / MIB, mean(fake) / MIB);
  return [{ ...plain, aim: `≤ ${IDLE_MIB} MiB`, met: plain.fake <= IDLE_MIB }];
}

function scaleRows(all: NonNullable<MoreMeasured['scale']>): readonly Row[] {
  const costOf = (results: readonly RealtimeResult[]) => mean(results.map((r) => r.serverCpuUs));
  const rows = all.map(({ sessions, both }) =>
    compared(`server CPU, ${sessions} sessions`, 'µs/session/s', costOf(both.bare), costOf(both.fake)),
  );
  const most = (of: (row: Row) => number) => Math.max(...rows.map(of)) / Math.min(...rows.map(of));
  const flat = compared(
    'server CPU, most by least',
    '×',
    most((row) => row.bare),
    most((row) => row.fake),
  );
  return [...rows, { ...flat, aim: `≤ ${FLAT}`, met: flat.fake <= FLAT }];
}

function controlRows({ bare, fake }: Both<ControlResult>): readonly Row[] {
  const late = (results: readonly ControlResult[]) => mean(results.map(({ load }) => load.latenessMs.p99));
  const plain = compared('lateness p99, asked', 'ms', late(bare), late(fake));
  return [
    ...CALLS.map((call) => {
      const p99 = mean(fake.map(({ callMs }) => callMs[call]?.p99 ?? NaN));
      return { ...alone(`control, ${call} p99`, 'ms', p99), aim: `≤ ${CALL_MS} ms`, met: p99 <= CALL_MS };
    }),
    { ...plain, aim: `≤ +${ADDED_MS} ms`, met: plain.fake <= plain.bare + ADDED_MS },
  ];
}

function fileRows({
  name,
  result,
}: {
  readonly name: FileName;
  readonly result: FileResult;
}): readonly Row[] {
  const { events, seconds, eventsPerSecond, peakBytes } = result;
  const peak = peakBytes / MIB;
  const isLarge = name === 'many sessions';
  const limits = isLarge ? [FILE_SECONDS, FILE_MIB] : [];
  return [
    alone(`${name}, events`, '', events),
    limited(alone(`${name}, judged in`, 's', seconds), limits[0], 's'),
    alone(`${name}, events judged`, '/s', eventsPerSecond),
    limited(alone(`${name}, memory`, 'MiB', peak), limits[1], 'MiB'),
  ];
}

function packRows(pack: PackResult): readonly Row[] {
  return [
    alone('package, packed', 'KiB', pack.packedBytes / 1024),
    alone('package, unpacked', 'KiB', pack.unpackedBytes / 1024),
    alone('package, files', '', pack.files),
    alone('package, dependencies', '', pack.dependencies),
    alone('package, all installed', '', pack.installed),
    alone('npx, empty cache', 's', pack.coldMs / 1000),
    alone('npx, again', 's', pack.warmMs / 1000),
  ];
}

function compared(measure: string, unit: string, bare: number, fake: number): Row {
  return { measure, unit, bare, fake, ratio: fake / bare, aim: undefined, met: undefined };
}

/** There is nothing to compare it with. */
function alone(measure: string, unit: string, value: number): Row {
  return compared(measure, unit, NaN, value);
}

function limited(row: Row, most: number | undefined, unit: string): Row {
  return most === undefined ? row : { ...row, aim: `≤ ${most} ${unit}`, met: row.fake <= most };
}
