import { UserError } from '../runtime/errors.ts';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20 };

/** A length of time such as `300ms`, `2s`, `1.5m`, in milliseconds. @throws UserError that names the flag. */
export function readDuration(flag: string, text: string): number {
  return read(flag, text, MILLISECONDS, 'a length of time such as 300ms, 2s or 1m');
}

/** A size such as `64KiB`, `1MiB` or `4096` (bytes). @throws UserError that names the flag. */
export function readSize(flag: string, text: string): number {
  return Math.floor(
    read(flag, /^\d+$/.test(text) ? `${text}B` : text, BYTES, 'a size such as 64KiB, 1MiB or 4096'),
  );
}

function read(flag: string, text: string, units: Readonly<Record<string, number>>, expected: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]+)$/.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor === undefined) throw new UserError(`${flag} ${text}: expected ${expected}`);
  return Number(number) * factor;
}
