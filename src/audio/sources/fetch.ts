import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { readBody } from './body.ts';
import { problem } from './problem.ts';
import { isForTls } from '../../runtime/network/unreachable.ts';
import { get, type Answer, type Portion, type RequestContext } from './request.ts';
import { describe, readTarget, type FetchTarget } from './target.ts';
import type { SourceError } from '../source.ts';

/** The page of an error, in bytes, and how long it may take in milliseconds. */
const [LONGEST_REASON, REASON_MS] = [16_384, 2000];

/** A resource that was found. */
export interface Fetched {
  /** Its location after all redirects. References in it are relative to this. */
  readonly target: FetchTarget;
  readonly headers: IncomingHttpHeaders;
  /** Can be read once. The connection ends when the body ends, fails or is abandoned. */
  readonly body: AsyncGenerator<Uint8Array, void, void>;
  /**
   * Limits the time for the whole body, counted from the first wait: for a body that turns out to be of a short kind.
   */
  limit(wholeMs: number): void;
  /** Ends the connection, whether or not the body was read. Must be called; may be called again. */
  close(): void;
}

/**
 * Gets a resource, following redirects; each hop is checked against the allow list before connecting.
 *
 * @throws SourceError for everything but a status from 200 to 299, and the signal's reason when it aborts
 */
export async function fetchStream(
  start: FetchTarget,
  context: RequestContext,
  portion: Portion,
): Promise<Fetched> {
  let target = start;
  for (let hops = 0; hops <= context.limits.redirects; hops += 1) {
    const answer = await get(target, context, portion.range);
    const status = answer.response.statusCode ?? 0;
    if (status >= 200 && status < 300 && !tooLong(answer.response, portion)) {
      const whole = { limitMs: portion.wholeMs ?? Infinity };
      const body = readBody(answer, target, context, portion, whole);
      const limit = (wholeMs: number) => void (whole.limitMs = wholeMs);
      return { target, headers: answer.response.headers, body, limit, close: () => answer.close() };
    }
    const isSecure =
      status === 400 && target.scheme === 'http' && (await asksForTls(answer, target, context));
    answer.close();
    if (isSecure)
      throw problem('invalid', `${describe(target)} expects TLS: is http:// meant to be https://?`);
    target = nextHop(answer.response, status, target);
  }
  throw problem('invalid', `${describe(start)} leads to more than ${context.limits.redirects} redirects`);
}

/** Whether the body of a 400 says that the port is for https. */
async function asksForTls(answer: Answer, target: FetchTarget, context: RequestContext): Promise<boolean> {
  const portion = { limitBytes: LONGEST_REASON };
  const body = readBody(answer, target, context, portion, { limitMs: REASON_MS });
  try {
    const first = await body.next();
    return first.done !== true && isForTls(400, Buffer.from(first.value).toString('latin1'));
  } catch {
    context.signal.throwIfAborted();
    return false;
  }
}

/** The length of a long file is known before it is read. If a part was requested, the rest is never read. */
function tooLong({ statusCode, headers }: IncomingMessage, { range, limitBytes }: Portion): boolean {
  const length = Number(headers['content-length'] ?? 0);
  return length > limitBytes && (range === undefined || statusCode === 206);
}

/** The target of a redirect; any other answer here is refused. */
function nextHop({ headers }: IncomingMessage, status: number, target: FetchTarget): FetchTarget {
  const { location } = headers;
  if ([301, 302, 303, 307, 308].includes(status) && location !== undefined)
    return readTarget(location, target);
  if (status >= 200 && status < 300) throw problem('invalid', `${describe(target)} is too long`);
  throw refusal(status, target);
}

function refusal(status: number, target: FetchTarget): SourceError {
  const where = describe(target);
  if (status === 401 || status === 407) return problem('authentication', `${where} answers ${status}`);
  if (status !== 403) return problem('invalid', `${where} answers ${status}`);
  // A signed URL (Azure SAS, S3, CloudFront) contains its own permission; 403 means that it has expired.
  return SIGNATURE.test(target.query)
    ? problem('invalid', `${where} answers 403: its signature has expired or is no longer valid`)
    : problem('authentication', `${where} answers 403`);
}

const SIGNATURE = /[?&](sig|signature|x-amz-signature|x-goog-signature)=/i;
