import { plainly } from '../runtime/network/unreachable.ts';
import type { Shard } from '../runtime/shard.ts';
import { histogramOf } from './histogram.ts';
import type { LoadReport } from './result.ts';
import { judgeSlo, type Slo } from './slo.ts';

/** How late one in a hundred of the things sent by the generator may be, in milliseconds: the length of a frame. */
const MOST_LATE_MS = 100;

interface Missing {
  readonly shard?: Shard | undefined;
  /** Sentences about missing parts. */
  readonly missing?: readonly string[];
}

/** What a load shows of the service, and whether it can show anything. */
export function outcomeOf(
  slos: readonly Slo[],
  seen: Pick<LoadReport, 'counts' | 'times' | 'isStopped' | 'failures' | 'subject'>,
  { shard, missing = [] }: Missing = {},
): Pick<LoadReport, 'outcome' | 'causes' | 'slos'> {
  const judged = slos.map((slo) => judgeSlo(slo, seen));
  const { counts, times, isStopped } = seen;
  const lateMs = histogramOf(times.lateness.buckets).at(0.99) ?? 0;
  const late = [
    ...(lateMs > MOST_LATE_MS
      ? [
          `The generator could not keep up: one in a hundred things that it sent was ${Math.round(lateMs)} ms late or more, and ${MOST_LATE_MS} ms are allowed. This says nothing about the service; share the load out with --shard.`,
        ]
      : []),
    ...(counts['own-failures'] > 0
      ? [
          `This machine had no room for ${counts['own-failures']} connections (open files or ports). This says nothing about the service; raise its limits (ulimit -n), or share the load out with --shard.`,
        ]
      : []),
  ];
  const unmeasured = judged.filter(({ verdict }) => verdict === 'not-measured').map(({ slo }) => slo);
  const incomplete = [
    ...missing,
    ...(isStopped ? ['The run was stopped before its end.'] : []),
    ...(shard === undefined
      ? []
      : [
          `This is part ${shard.index} of ${shard.count} of a load: load merge puts it together with the others.`,
        ]),
    ...(unmeasured.length === 0 ? [] : [`Nothing was measured of ${unmeasured.join(', ')}.`]),
  ];
  if (late.length > 0) return { outcome: 'late', causes: [...late, ...incomplete], slos: judged };
  if (counts.opened === 0) {
    const cause = `No session was accepted, so nothing was measured: ${reasonsIn(seen)}.`;
    return { outcome: 'not-opened', causes: [cause, ...incomplete], slos: judged };
  }
  // What only some parts have seen does not decide an objective.
  const isWhole = shard === undefined && missing.length === 0;
  if (isWhole && judged.some(({ verdict }) => verdict === 'broken'))
    return { outcome: 'broken', causes: incomplete, slos: judged };
  return { outcome: incomplete.length > 0 ? 'incomplete' : 'kept', causes: incomplete, slos: judged };
}

/** The maximum number of reasons in the sentence. */
const MOST_REASONS = 3;

/** Why connections failed, the most frequent reason first. */
function reasonsIn({
  failures,
  counts,
  subject,
}: Pick<LoadReport, 'failures' | 'counts' | 'subject'>): string {
  const reasons = Object.entries(failures)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_REASONS)
    .flatMap(([code]) => {
      const plain = plainly({ code, message: '' }, subject.target);
      return plain === undefined ? [] : [`${plain} (${code})`];
    });
  if (reasons.length === 0) return 'see the refusals and failures';
  return [...reasons, ...(counts.refused > 0 ? ['see also the refusals'] : [])].join('; ');
}
