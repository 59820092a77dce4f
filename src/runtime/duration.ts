const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Parses a duration such as `300ms`, `2s`, `1.5m` or `1h` into milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = MILLISECONDS[unit];
  return factor === undefined ? undefined : Number(number) * factor;
}
