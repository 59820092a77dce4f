import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { decodeContent } from '../../runtime/content-coding.ts';
import { newRedactor } from '../../wire/redact/redact.ts';
import type { TraceFact } from '../../wire/trace.ts';
import type { HttpAnswer } from '../dialects/dialect.ts';
import type { Caller } from '../upgrade/admission.ts';
import type { Unanswered } from '../upgrade/handshake.ts';
import { answerHeaders, answerText } from '../upgrade/answer.ts';
import type { Journal } from './journal.ts';
import type { SessionLog } from './session-log.ts';

/** The maximum number of characters kept of an answer's body. */
const LONGEST_BODY = 65_536;
const NO_CLOSE = 1006;

/** An upgrade, and when it arrived: its answer may come much later. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly atMs: number;
}

/** Records an upgrade that was answered with 101; `lines` are the status line and headers of the answer. */
export function recordUpgrade(log: SessionLog, arrival: Arrival, lines: readonly string[]): void {
  log.fact(requestFact(arrival.request), arrival.atMs);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(': ');
    // The first line is the status.
    if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 2);
  }
  log.fact({ kind: 'response', status: 101, headers });
}

/** Records an upgrade that was refused. */
export function recordRefusal(
  journal: Journal,
  { request, atMs }: Arrival,
  answer: HttpAnswer,
  caller: Caller,
): SessionLog {
  const log = journal.beginRequest();
  log.fact(requestFact(request), atMs);
  log.fact({
    kind: 'response',
    status: answer.status,
    headers: answerHeaders(answer),
    body: answerText(answer),
  });
  noteKey(log, caller, journal);
  log.end({ kind: 'end', by: 'server', how: 'refused', code: NO_CLOSE });
  return log;
}

/** Records the key that an access token was made from, by the stand-in that the key has everywhere. */
export function noteKey(log: SessionLog, { token, hasAccessToken }: Caller, { standIns }: Journal): void {
  if (!hasAccessToken || token === undefined) return;
  log.fact({ kind: 'note', message: `The access token was made from the key ${standIns.of(token)}` });
}

/** Records an upgrade that ended before it was answered. */
export function recordUnanswered(
  journal: Journal,
  { request, atMs }: Arrival,
  { by, how }: Unanswered,
): void {
  const log = journal.beginRequest();
  log.fact(requestFact(request), atMs);
  log.end({ kind: 'end', by, how, code: NO_CLOSE });
}

/** Records a plain HTTP request now, and its answer once it has been sent. */
export function recordRequest(
  journal: Journal,
  request: IncomingMessage,
  response: ServerResponse,
): SessionLog {
  const log = journal.beginRequest();
  log.fact(requestFact(request));
  const body = keepBody(response);
  response.on('close', () => {
    if (response.writableFinished) {
      const headers = singleHeaders(response.getHeaders());
      const text = body();
      log.fact({
        kind: 'response',
        status: response.statusCode,
        headers,
        ...(text === undefined ? {} : { body: text }),
      });
    }
    log.end();
  });
  return log;
}

/** What was requested, as far as it may be shown: without the query, and without a key in the path. */
export interface ShownRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path as it was sent, without the query. */
  readonly path: string;
}

/** @param journal knows the secrets other than those in the request itself */
export function shownRequestOf(request: IncomingMessage, { redaction, secrets }: Journal): ShownRequest {
  const redactor = newRedactor(redaction);
  for (const secret of secrets) redactor.learn(secret);
  const fact = redactor.fact(requestFact(request));
  const target = fact.kind === 'request' ? fact.target : '';
  return { method: request.method ?? 'GET', path: target.split('?', 1)[0] ?? '' };
}

function requestFact({ method = 'GET', url = '/', rawHeaders }: IncomingMessage): TraceFact {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name] ?? ''}, ${value}` : value;
  }
  return { kind: 'request', method, target: url, headers };
}

/** Returns the body of the answer: Express writes a JSON body in one piece, with `end()`. */
function keepBody(response: ServerResponse): () => string | undefined {
  let body: string | undefined;
  const textOf = (bytes: Uint8Array) => {
    const decoded = decodeContent(bytes, String(response.getHeader('content-encoding') ?? ''), LONGEST_BODY);
    return decoded.kind === 'decoded' ? Buffer.from(decoded.bytes).toString() : Buffer.from(bytes).toString();
  };
  // `end()` has several forms; all arguments are passed on unchanged.
  const end = response.end.bind(response) as (...args: readonly unknown[]) => ServerResponse;
  response.end = ((...args: readonly unknown[]) => {
    const [chunk] = args;
    const text = typeof chunk === 'string' ? chunk : chunk instanceof Uint8Array ? textOf(chunk) : '';
    if (text !== '' && text.length <= LONGEST_BODY) body = text;
    return end(...args);
  }) as ServerResponse['end'];
  return () => body;
}

function singleHeaders(headers: OutgoingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );
}
