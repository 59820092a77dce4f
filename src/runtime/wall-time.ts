import { epochNowMs } from './real-time.ts';

/** Taken when this module is imported, because a test may replace it later. */
const { Date } = globalThis;

/** Milliseconds since 1970. */
export function wallNowMs(): number {
  return epochNowMs();
}

/** A date from milliseconds since 1970. */
export function dateOf(epochMs: number): Date {
  return new Date(epochMs);
}

/** ISO 8601, in UTC, from milliseconds since 1970. */
export function isoOf(epochMs: number): string {
  return dateOf(epochMs).toISOString();
}

/** Milliseconds since 1970 from an ISO 8601 time with a date; undefined for anything else. */
export function epochMsOf(iso: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso)) return undefined;
  const epochMs = Date.parse(iso);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
