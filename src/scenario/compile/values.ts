import { parseDuration } from '../../runtime/duration.ts';

/** The keys of what a verb holds; none if it holds a text or a number. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Milliseconds of a length of time; undefined where the file has none. */
export function duration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** A length of time, or one that chance draws from a range. */
export function drawn(value: unknown, at: number): number {
  if (typeof value === 'string') return duration(value) ?? 0;
  const { min, max } = value as { min: string; max: string };
  const minMs = duration(min) ?? 0;
  return Math.round(minMs + ((duration(max) ?? 0) - minMs) * at);
}
