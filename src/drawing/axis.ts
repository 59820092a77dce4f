/** Times on a line, for reports and for the live page. Pure. */

/**
 * Times at round numbers, for the marks of an axis.
 *
 * @param startMs where the axis begins
 * @param lengthMs how long it is, more than 0
 * @param most about how many there are
 */
export function ticksOf(startMs: number, lengthMs: number, most: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(lengthMs / most));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => lengthMs / each <= most);
  if (step === undefined) return [startMs];
  const first = Math.ceil(startMs / step);
  const count = Math.floor((startMs + lengthMs) / step) - first + 1;
  return Array.from({ length: Math.min(count, most + 1) }, (_, i) => (first + i) * step);
}

/** `0.25 s`, `12 s`: as many digits as there are, up to milliseconds. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(3))} s`;
}
