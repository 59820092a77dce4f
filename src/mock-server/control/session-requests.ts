import { fieldsOf } from '../../runtime/json/fields.ts';
import type { Request } from 'express';
import { parseDuration } from '../../runtime/duration.ts';
import { withoutTrailing } from '../../runtime/trailing.ts';
import type { Happening } from '../open-session.ts';

export const HAPPENINGS: readonly Happening[] = ['start', 'audio', 'flush', 'stop', 'close', 'frame'];
const LONGEST_WAIT_MS = 600_000;
const MOST_COUNT = 1_000_000_000;
export const LONGEST_REASON_BYTES = 123;

/** The form of a wait. */
export const WAIT = `for=${HAPPENINGS.join('|')}, count=1 to ${MOST_COUNT}, timeout=5s (at most 10m)`;

interface Wait {
  readonly what: Happening;
  readonly count: number;
  readonly timeoutMs: number;
}

export function readWait(query: Request['query']): Wait | undefined {
  const { for: named, count: times = '1', timeout = '5s', ...others } = query;
  const what = HAPPENINGS.find((happening) => happening === named);
  const count = typeof times === 'string' && /^\d{1,10}$/.test(times) ? Number(times) : 0;
  const timeoutMs = typeof timeout === 'string' ? parseDuration(timeout) : undefined;
  if (what === undefined || timeoutMs === undefined || Object.keys(others).length > 0) return undefined;
  if (count < 1 || count > MOST_COUNT || timeoutMs > LONGEST_WAIT_MS) return undefined;
  return { what, count, timeoutMs };
}

/**
 * A JSON body is the message. A single key has another meaning: `text` is a text, `base64` bytes, and `json` a message
 * that would be mistaken for one of these.
 */
export function readMessage(body: unknown): string | Uint8Array | undefined {
  if (body === undefined) return undefined;
  const entries = Object.entries(fieldsOf(body));
  const [[name, value] = []] = entries;
  if (entries.length === 1) {
    if (name === 'json') return JSON.stringify(value);
    if (name === 'text') return typeof value === 'string' ? value : undefined;
    if (name === 'base64') return typeof value === 'string' ? readBase64(value) : undefined;
  }
  return JSON.stringify(body);
}

function readBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node skips invalid characters; this notices them.
  return withoutTrailing(bytes.toString('base64'), '=') === withoutTrailing(text, '=') ? bytes : undefined;
}

export const CLOSE_CODES = '1000 to 1003, 1007 to 1014 or 3000 to 4999';

/** The codes that `ws` sends and RFC 6455 allows. */
export function isCloseCode(code: unknown): code is number {
  if (typeof code !== 'number' || !Number.isInteger(code)) return false;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}
