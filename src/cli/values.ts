import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isIP } from 'node:net';
import type { StateAddress } from '../mock-server/fleet/client.ts';
import type { Prices } from '../mock-server/journal/usage.ts';
import { VENDORS } from '../protocol/dialects.ts';
import { parseDuration } from '../runtime/duration.ts';
import { codeOf, systemReason, UserError } from '../runtime/errors.ts';
import { wrongPort } from '../runtime/network/authority.ts';
import { listed } from '../runtime/text/listed.ts';

const BYTES: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20 };

/** Text that is not empty. @throws UserError with what was expected */
export function notEmpty(expected: string): (text: string) => string {
  return (text) => {
    if (text === '') throw new UserError(expected);
    return text;
  };
}

/**
 * A number such as 20 or 0.5. Its range is checked by the caller.
 *
 * @throws UserError
 */
export function asNumber(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new UserError(`expected a number, got "${text}"`);
  return Number(text);
}

/**
 * A whole number from 0 that has at most 31 bits.
 *
 * @throws UserError
 */
export function asWhole(text: string): number {
  const number = asNumber(text);
  if (!Number.isSafeInteger(number) || number < 0 || number > 2 ** 31 - 1) {
    throw new UserError(`expected a whole number from 0, got ${text}`);
  }
  return number;
}

/**
 * Reads a value and refuses 0.
 *
 * @throws UserError
 */
export function notZero(read: (text: string) => number): (text: string) => number {
  return (text) => {
    const number = read(text);
    if (number === 0) throw new UserError('expected more than 0');
    return number;
  };
}

/** A TCP port; 0 stands for a free one. @throws UserError */
export function asPort(text: string): number {
  const port = asNumber(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError(`expected a whole number from 0 to 65535, got ${port}`);
  }
  return port;
}

/** A length of time such as `300ms`, `2s`, `1.5m`, in milliseconds. @throws UserError */
export function asDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) {
    throw new UserError(`expected a length of time such as 300ms, 2s or 1m, got "${text}"`);
  }
  return ms;
}

/** A size such as `64KiB`, `1MiB` or `4096` (bytes). @throws UserError */
export function asSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = number !== '' && Object.hasOwn(BYTES, unit) ? BYTES[unit] : undefined;
  if (factor === undefined) {
    throw new UserError(`expected a size such as 64KiB, 1MiB or 4096, got "${text}"`);
  }
  return Math.floor(Number(number) * factor);
}

/**
 * Prices: `0.02` for both services, or `scriptix=0.02`, which takes precedence.
 *
 * @throws UserError, also for a second price of the same
 */
export function asPrices(texts: readonly string[]): Prices {
  const given = new Map<string, number>();
  for (const text of texts) {
    const [, name = '', price] = /^(?:(\w+)=)?(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (price === undefined || !['', ...VENDORS].includes(name))
      throw new UserError(`expected a price such as 0.02 or ${VENDORS[0]}=0.02, got "${text}"`);
    if (given.has(name)) throw new UserError(`${name || 'each service'} has one price, given twice`);
    given.set(name, Number(price));
  }
  const priced = VENDORS.map((vendor) => [vendor, given.get(vendor) ?? given.get('')] as const);
  return Object.fromEntries(priced.filter(([, price]) => price !== undefined));
}

/**
 * One of a few words.
 *
 * @throws UserError that lists the words
 */
export function asChoice<const T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new UserError(`expected ${listed(choices)}, got "${text}"`);
    return found;
  };
}

/**
 * The size of the journal: `200`, or `200,16MiB`.
 *
 * @throws UserError
 */
export function asJournalMost(text: string): { sessions: number; bytes?: number } {
  const [sessions = '', bytes, ...more] = text.split(',');
  if (!/^\d+$/.test(sessions) || more.length > 0) {
    throw new UserError(`expected a number of sessions, or both such as 200,16MiB, got "${text}"`);
  }
  return { sessions: Number(sessions), ...(bytes === undefined ? {} : { bytes: asSize(bytes) }) };
}

/** More processes than this would not help anything that this program does. */
const MOST_WORKERS = 128;

/** How many processes: a number, or `max` for one per processor. @throws UserError */
export function asWorkers(text: string): number {
  const count = text === 'max' ? Math.min(availableParallelism(), MOST_WORKERS) : Number(text);
  if (/^(max|[1-9]\d{0,2})$/.test(text) && count <= MOST_WORKERS) return count;
  throw new UserError(`expected a whole number from 1 to ${MOST_WORKERS}, or max, got "${text}"`);
}

/** The address of a Redis. Errors do not repeat it, as it may hold a password. */
export function asRedis(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRedis = url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '';
  const port = isRedis ? wrongPort(text) : undefined;
  const isPlain = isRedis && /^(\/\d{0,5})?$/.test(url.pathname) && url.search === '' && url.hash === '';
  if (isPlain && port === undefined) return text;
  throw new UserError(
    `expected redis://host:port or rediss://host:port, followed by /db for another database${port === undefined ? '' : `; ${port}`}`,
  );
}

/** Where other replicas reach this one: `HOST`, or `HOST:PORT`; an IPv6 address with a port has brackets. @throws UserError */
export function asStateAddress(text: string): StateAddress {
  const [, inBrackets, name, port] =
    /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(isIP(text) === 6 ? `[${text}]` : text) ?? [];
  const host = inBrackets ?? name ?? '';
  const isHost = host !== '' && URL.canParse(`http://${inBrackets === undefined ? host : `[${host}]`}`);
  if (!isHost || (port !== undefined && (Number(port) === 0 || Number(port) > 65_535))) {
    throw new UserError(`expected a host, or a host and a port such as 10.0.0.7:9000, got "${text}"`);
  }
  if (/^(0\.0\.0\.0|[0:]+)$/.test(host))
    throw new UserError(`expected a host that other replicas can reach, got "${text}"`);
  return { host, port: Number(port ?? 0) };
}

/** The prefix of the keys in Redis. */
export function asStatePrefix(text: string): string {
  if (/^[\w.:-]{1,100}$/.test(text)) return text;
  throw new UserError('expected 1 to 100 letters, digits and . _ : -');
}

/** What is in a file. @throws UserError */
export function asFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    throw new UserError(`cannot be read: ${systemReason(error)}`, { value: path, code });
  }
}
