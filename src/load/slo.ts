import { parseDuration } from '../runtime/duration.ts';
import { UserError } from '../runtime/errors.ts';
import { keysOf } from '../runtime/json/fields.ts';
import { closest } from '../runtime/text/closest.ts';
import { listed } from '../runtime/text/listed.ts';
import { histogramOf } from './histogram.ts';
import { COUNTS, TIMES, type CountName, type Judged, type LoadReport, type TimeName } from './result.ts';

const COMPARISONS = {
  '<=': (value: number, limit: number) => value <= limit,
  '<': (value: number, limit: number) => value < limit,
  '=': (value: number, limit: number) => value === limit,
} as const;

const SHARES: Readonly<Record<string, number>> = {
  p50: 0.5,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
  'p99.9': 0.999,
  max: 1,
};

/** An objective for the service: a limit for a percentile of a time, for a number, or for a share of all sessions. */
export type Slo = {
  readonly text: string;
  readonly comparison: keyof typeof COMPARISONS;
  readonly limit: number;
} & (
  | { readonly kind: 'time'; readonly name: TimeName; readonly share: number }
  | { readonly kind: 'count'; readonly name: CountName; readonly isShare: boolean }
);

const FORM = /^\s*([a-z-]+)(?:\s+([a-z0-9.]+))?\s*(<=|<|=)\s*(\d+(?:\.\d+)?(?:ms|s|m|%)?)\s*$/;
const EXAMPLES = "'first-result p95<900ms', 'lost-finals=0' or 'refused<1%'";

/**
 * Reads an objective.
 *
 * @throws UserError
 */
export function parseSlo(text: string): Slo {
  const [, name = '', share, comparison = '', limit = ''] = FORM.exec(text) ?? [];
  if (name === '') throw new UserError(`expected an objective such as ${EXAMPLES}, got "${text}"`);
  const common = { text: text.trim(), comparison: comparison as keyof typeof COMPARISONS };
  const times = keysOf(TIMES);
  const counts = keysOf(COUNTS);
  const time = times.find((each) => each === name);
  const count = counts.find((each) => each === name);
  if (time !== undefined) {
    const part = SHARES[share ?? ''];
    const ms = parseDuration(limit);
    if (part === undefined)
      throw new UserError(`"${text}": expected ${listed(Object.keys(SHARES))} after ${name}`);
    if (ms === undefined)
      throw new UserError(`"${text}": expected a length of time such as 900ms, got "${limit}"`);
    return { ...common, kind: 'time', name: time, share: part, limit: ms };
  }
  if (count !== undefined) {
    if (share !== undefined) throw new UserError(`"${text}": ${name} is a number, which has no ${share}`);
    const [, number = '', unit = ''] = /^([\d.]+)([a-z%]*)$/.exec(limit) ?? [];
    if (unit !== '' && unit !== '%')
      throw new UserError(`"${text}": expected a number or a percentage, got "${limit}"`);
    const isShare = unit === '%';
    return {
      ...common,
      kind: 'count',
      name: count,
      isShare,
      limit: isShare ? Number(number) / 100 : Number(number),
    };
  }
  const meant = closest(name, [...times, ...counts]);
  throw new UserError(`nothing called "${name}" is measured; expected ${listed([...times, ...counts])}`, {
    meant,
  });
}

type Seen = Pick<LoadReport, 'times' | 'counts'>;

/** Whether an objective was met. */
export function judgeSlo(slo: Slo, { times, counts }: Seen): Judged {
  const value =
    slo.kind === 'time'
      ? histogramOf(times[slo.name].buckets).at(slo.share)
      : slo.isShare
        ? shareOf(counts[slo.name], counts.started)
        : counts[slo.name];
  if (value === undefined) return { slo: slo.text, verdict: 'not-measured' };
  return { slo: slo.text, value, verdict: COMPARISONS[slo.comparison](value, slo.limit) ? 'kept' : 'broken' };
}

function shareOf(count: number, all: number): number | undefined {
  return all === 0 ? undefined : count / all;
}
