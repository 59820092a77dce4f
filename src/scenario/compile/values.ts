import { parseDuration } from '../../runtime/duration.ts';
import type { Spread } from '../../runtime/spread.ts';

/** Nobody waits longer than a day. */
const LONGEST_MS = 86_400_000;

/** The keys of what a verb holds; none if it holds a text or a number. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Milliseconds of a length of time; undefined where the file has none. */
export function durationMsOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** How a length of time is spread: not at all, over a range, or by a distribution. */
export function spreadOf(value: unknown): Spread {
  if (typeof value === 'string') {
    const ms = durationMsOf(value) ?? 0;
    return { kind: 'uniform', minMs: ms, maxMs: ms };
  }
  const fields = fieldsOf(value);
  const ms = (of: unknown, key: string) => durationMsOf(fieldsOf(of)[key]) ?? 0;
  const cap = (of: unknown) => durationMsOf(fieldsOf(of)['max']) ?? LONGEST_MS;
  const { normal, pareto } = fields;
  if (normal !== undefined) {
    const [meanMs, deviationMs] = [ms(normal, 'mean'), ms(normal, 'deviation')];
    return { kind: 'normal', meanMs, deviationMs, maxMs: cap(normal) };
  }
  const logNormal = fields['log-normal'];
  if (logNormal !== undefined) {
    const [medianMs, p99Ms] = [ms(logNormal, 'median'), ms(logNormal, 'p99')];
    return { kind: 'log-normal', medianMs, p99Ms, maxMs: cap(logNormal) };
  }
  if (pareto !== undefined) {
    const shape = Number(fieldsOf(pareto)['shape']);
    return { kind: 'pareto', minMs: ms(pareto, 'min'), shape, maxMs: cap(pareto) };
  }
  return { kind: 'uniform', minMs: ms(value, 'min'), maxMs: ms(value, 'max') };
}
