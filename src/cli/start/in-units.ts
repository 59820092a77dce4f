/** Units by their size, from the largest. */
type Units = readonly (readonly [size: number, name: string])[];

const TIMES: Units = [
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
  [1, 'ms'],
];
/** The units that `asSize` reads. */
const SIZES: Units = [
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
  [1, ''],
];

/**
 * What is wrong with a number of milliseconds or bytes that is out of its range, in the units in which it was given as
 * a flag: `expected 50ms to 24h, got 0s`. Anything else is returned unchanged.
 *
 * @param option the option of the library, whose name ends with its unit
 */
export function inUnits(option: string, what: string): string {
  const units = option.endsWith('Ms') ? TIMES : /bytes$/i.test(option) ? SIZES : undefined;
  if (units === undefined) return what;
  return what.replace(
    /^expected (?:a whole number from )?(\d+) to (\d+)(?: ms)?, got (\d+)$/,
    (_, ...[low, high, got]: string[]) =>
      `expected ${written(low, units)} to ${written(high, units)}, got ${written(got, units)}`,
  );
}

/** In the largest unit that needs no fraction. */
function written(number: string | undefined, units: Units): string {
  const value = Number(number);
  const [size, name] = units.find(([each]) => value >= each && value % each === 0) ?? [
    1,
    units === TIMES ? 's' : '',
  ];
  return `${value / size}${name}`;
}
