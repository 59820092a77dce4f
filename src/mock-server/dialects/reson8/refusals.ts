import { STATUS_CODES } from 'node:http';
import { reson8Edition, type EditionNames } from '../../../protocol/editions.ts';
import type { HttpAnswer } from '../dialect.ts';

/** The maximum number of characters of a reason in a header. */
const LONGEST_REASON = 500;

/**
 * A refusal in the form of an edition. Only a refusal with a code and a message is converted, whether it comes from the
 * fake or from a scenario; anything else that a scenario sends stays as it is.
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

/** A message may repeat what the client has sent, which may be invalid in a header. */
function asHeader(message: string): string {
  return message.slice(0, LONGEST_REASON).replace(/[^\x20-\x7e]/g, '?');
}
