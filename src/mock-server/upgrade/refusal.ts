import type { TraceEvent } from '../../wire/trace.ts';
import type { HttpAnswer } from '../dialects/dialect.ts';
import type { Question } from '../journal/http.ts';
import type { SessionLog } from '../journal/session-log.ts';

/** An upgrade that was answered with plain HTTP. */
export interface Refusal extends Question {
  /** `h1`, `h2`, …, its id in the journal. */
  readonly id: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** A text, or anything else as JSON has it, without secrets; undefined for none. */
  readonly body: unknown;
  /** What crossed the wire, without secrets: as much of it as the journal keeps. */
  trace(): readonly TraceEvent[];
}

export function refusalOf(log: SessionLog, question: Question, { status, body }: HttpAnswer): Refusal {
  return { id: log.id, ...question, status, body: bodyWithout(log, body), trace: () => log.events() };
}

/** An answer may repeat what the client has sent. */
function bodyWithout(log: SessionLog, body: unknown): unknown {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return log.redact(body);
  const text = JSON.stringify(body);
  const redacted = log.redact(text);
  return redacted === text ? body : JSON.parse(redacted);
}
