import { isSocket, type Dialect } from '../../protocol/dialects.ts';
import type { ClientSession } from '../../scenario/client-script.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import { objectOf } from '../conversation/read-message.ts';

/** An access token that a service has issued. */
export interface IssuedToken {
  readonly token: string;
  /** When the answer had arrived, in milliseconds of the runner's clock. */
  readonly atMs: number;
  /** How long it is valid, in milliseconds; undefined if the service does not say. */
  readonly validMs: number | undefined;
}

/** The run does not wait for tokens that live longer: it would take as long. */
const LONGEST_WAIT_MS = 30_000;
/** How long a service may still accept a token that has expired, since its clocks differ a little. */
const LEEWAY_MS = 5000;

/** The token in the answer to a call, whatever else is wrong with it. */
export function issuedTokenIn(
  { status, body }: { readonly status: number; readonly body: string },
  atMs: number,
): IssuedToken | undefined {
  const fields = status >= 200 && status < 300 ? objectOf(body) : '';
  if (typeof fields === 'string') return undefined;
  const { access_token: token, expires_in: seconds } = fields;
  // Other characters cannot be in a header.
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(token)) return undefined;
  const isLength = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
  return { token, atMs, validMs: isLength ? seconds * 1000 : undefined };
}

/** How long until it has certainly expired; undefined if that is unknown or too long to wait for. */
export function msUntilExpired({ atMs, validMs }: IssuedToken, nowMs: number): number | undefined {
  if (validMs === undefined || validMs > LONGEST_WAIT_MS) return undefined;
  return Math.max(0, atMs + validMs + LEEWAY_MS - nowMs);
}

/** Whether a session presents its credential in a form meant for access tokens, if its service has such a form. */
export function presentsToken({ form, token, credential }: ClientSession, dialect: Dialect): boolean {
  if (!isSocket(dialect) || form === undefined || token !== undefined || credential !== 'valid') return false;
  return RUNNER_DIALECTS[dialect].tokenForms.includes(form);
}
