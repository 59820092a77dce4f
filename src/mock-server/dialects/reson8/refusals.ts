import { STATUS_CODES } from 'node:http';
import { reson8Edition, type EditionNames } from '../../../protocol/editions.ts';
import type { HttpAnswer } from '../dialect.ts';

/** Characters of a reason in a header. */
const LONGEST_REASON = 500;

/**
 * A refusal as an edition has it. Only one that has a code and a message is made another, whether the fake or a scenario
 * says it: what a scenario sends as it is stays so.
 */
export function refusalInEdition(
  answer: HttpAnswer,
  editions: EditionNames,
  to: 'upgrade' | 'call',
): HttpAnswer {
  const reason = reasonIn(answer.body);
  if (reason === undefined || reson8Edition(editions).refusals === 'body') return answer;
  const { status, headers } = answer;
  if (to === 'upgrade') {
    return { status, headers: { ...headers, 'X-Error-Message': asHeader(reason.message) }, body: undefined };
  }
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json' },
    body: {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Unknown',
      status,
      detail: reason.message,
      code: reason.code.toLowerCase(),
    },
  };
}

function reasonIn(body: unknown): { code: string; message: string } | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('message' in body))
    return undefined;
  const { code, message } = body;
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
}

/** A message may repeat what the client has sent, which a header may not hold. */
function asHeader(message: string): string {
  return message.slice(0, LONGEST_REASON).replace(/[^\x20-\x7e]/g, '?');
}
