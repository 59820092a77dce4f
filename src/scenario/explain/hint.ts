import { LENGTH_OF_TIME, PERCENTAGE } from '../schema/values.ts';

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(ms|msecs?|millis|milliseconds?)$/i, 'ms'],
  [/^(s|secs?|seconds?)$/i, 's'],
  [/^(m|mins?|minutes?)$/i, 'm'],
  [/^(h|hrs?|hours?)$/i, 'h'],
];

/** The correct spelling of a value that is almost right. */
export function hint(expected: string, value: unknown): string {
  if (expected.startsWith(LENGTH_OF_TIME)) return write(lengthOfTime(value));
  if (expected === PERCENTAGE) return write(percentage(value));
  if (expected.startsWith('expected keys') && typeof value === 'string' && /^[$\w-]+:\S/.test(value)) {
    return '; put a space after each colon';
  }
  return '';
}

function write(text: string | undefined): string {
  return text === undefined ? '' : `; write ${text}`;
}

function lengthOfTime(value: unknown): string | undefined {
  if (typeof value === 'number') return value > 0 ? `${value}ms or ${value}s` : undefined;
  if (typeof value !== 'string') return undefined;
  const [, number = '', word = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(value.trim()) ?? [];
  const unit = UNITS.find(([pattern]) => pattern.test(word))?.[1];
  return unit === undefined ? undefined : `${number}${unit}`;
}

function percentage(value: unknown): string | undefined {
  const number = typeof value === 'string' && /^[\d.]+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= 0 && number <= 100)) return undefined;
  // 0.5 does not mean half a percent.
  const percent = number < 1 ? Math.round(number * 10_000) / 100 : number;
  return `${percent}%`;
}
