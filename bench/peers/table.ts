import type { PushesResult, RepliesResult } from '../load/plan.ts';
import { figure, lined } from '../report/text.ts';
import { mean, median } from '../statistics.ts';
import type { MemoryResult } from './measure.ts';
import type { SubjectName } from './subjects.ts';

/** The result of one kind of measurement. */
export type Outcome<Result> =
  | { readonly kind: 'measured'; readonly rounds: readonly Result[] }
  /** Nothing was tried, because the server does not do this. */
  | { readonly kind: 'cannot'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** Everything that was measured of one server. */
export interface PeerMeasured {
  readonly name: SubjectName;
  /** Undefined for a server that is not a package. */
  readonly version: string | undefined;
  readonly startMs: Outcome<number>;
  readonly memory: Outcome<MemoryResult>;
  readonly replies: Outcome<RepliesResult>;
  readonly pushes: Outcome<PushesResult>;
}

export interface PeerRow {
  readonly measure: string;
  readonly unit: string;
  /** In the order of the servers; undefined where nothing was measured. */
  readonly values: readonly (number | undefined)[];
}

const MIB = 2 ** 20;

/** The table: a row for each measure, a column for each server. */
export function peerRows(all: readonly PeerMeasured[], connections: number): readonly PeerRow[] {
  const row = <Result>(
    measure: string,
    unit: string,
    of: (measured: PeerMeasured) => Outcome<Result>,
    value: (result: Result) => number,
    middle = mean,
  ): PeerRow => ({
    measure,
    unit,
    values: all.map((measured) => {
      const outcome = of(measured);
      return outcome.kind === 'measured' ? middle(outcome.rounds.map(value)) : undefined;
    }),
  });
  return [
    row('start until it answers', 'ms', (m) => m.startMs, Number, median),
    row(
      'memory, idle',
      'MiB',
      (m) => m.memory,
      (r) => r.idleBytes / MIB,
    ),
    row(
      `memory, ${connections} connections`,
      'MiB',
      (m) => m.memory,
      (r) => r.openBytes / MIB,
    ),
    row(
      'memory, a connection',
      'KiB',
      (m) => m.memory,
      (r) => r.eachBytes / 1024,
    ),
    row(
      'replies',
      '/s',
      (m) => m.replies,
      (r) => r.repliesPerSecond,
    ),
    row(
      'replies, server busy',
      'cores',
      (m) => m.replies,
      (r) => r.serverCores,
    ),
    row(
      'pushes, late p50',
      'ms',
      (m) => m.pushes,
      (r) => r.latenessMs.p50,
    ),
    row(
      'pushes, late p99',
      'ms',
      (m) => m.pushes,
      (r) => r.latenessMs.p99,
    ),
    row(
      'pushes, came',
      '%',
      (m) => m.pushes,
      (r) => r.cameShare * 100,
    ),
    row(
      'pushes, server busy',
      'cores',
      (m) => m.pushes,
      (r) => r.serverCores,
    ),
  ];
}

/** Why there are gaps in the table, one sentence each. */
export function peerNotes(all: readonly PeerMeasured[]): readonly string[] {
  return all.flatMap((measured) =>
    (['startMs', 'memory', 'replies', 'pushes'] as const).flatMap((kind) => {
      const outcome: Outcome<unknown> = measured[kind];
      const what = `${measured.name}, ${kind === 'startMs' ? 'start' : kind}`;
      if (outcome.kind === 'cannot') return [`${what}: cannot: ${outcome.why}`];
      return outcome.kind === 'failed' ? [`${what}: could not be measured: ${outcome.why}`] : [];
    }),
  );
}

/** The table as text for people. */
export function peerText(rows: readonly PeerRow[], all: readonly PeerMeasured[]): string {
  const heads = all.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`));
  return lined(
    [
      ['measure', 'unit', ...heads],
      ...rows.map(({ measure, unit, values }) => [
        measure,
        unit,
        ...values.map((value) => (value === undefined ? '-' : figure(value))),
      ]),
    ],
    (column) => column >= 2,
  );
}
