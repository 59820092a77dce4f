import type { TraceEvent } from '../../wire/trace.ts';
import type { HttpAnswer } from '../dialects/dialect.ts';
import type { ShownRequest } from '../journal/http.ts';
import type { SessionLog } from '../journal/session-log.ts';

/** An upgrade that was answered with plain HTTP. */
export interface Refusal extends ShownRequest {
  /** Its id in the journal: `h1`, `h2`, …. */
  readonly id: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** A text, or anything else as it is in JSON, without secrets; undefined for none. */
  readonly body: unknown;
  /** The reason in the header `X-Error-Message`, without secrets, if the refusal has one. */
  readonly reason?: string;
  /** What crossed the wire, without secrets, as far as the journal has kept it. */
  trace(): readonly TraceEvent[];
}

/** A refusal, from its log, the question and the answer. */
export function refusalOf(log: SessionLog, question: ShownRequest, answer: HttpAnswer): Refusal {
  const { status, body, headers } = answer;
  const reason = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === REASON)?.[1];
  return {
    id: log.id,
    ...question,
    status,
    body: bodyWithout(log, body),
    ...(reason === undefined ? {} : { reason: log.redact(reason) }),
    trace: () => log.events(),
  };
}

const REASON = 'x-error-message';

/** An answer may repeat what the client sent. */
function bodyWithout(log: SessionLog, body: unknown): unknown {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return log.redact(body);
  const text = JSON.stringify(body);
  const redacted = log.redact(text);
  return redacted === text ? body : JSON.parse(redacted);
}
