import { serverLeavingOf } from '../../shared/ending.ts';
import type { Conversation } from '../../../conversation/conversation.ts';

/**
 * How a server answers a connection. A session has begun once a state or a result has come (A11); it refuses in the
 * answer to the upgrade, with an error message, or by ending the connection. A state after an error begins nothing.
 * `open`: no answer was seen.
 */
export type Admission =
  | { readonly kind: 'started'; readonly index: number }
  | { readonly kind: 'refused'; readonly how: 'http'; readonly index: number; readonly status: number }
  | { readonly kind: 'refused'; readonly how: 'error' | 'closed'; readonly index: number }
  | { readonly kind: 'open'; readonly index: number | undefined };

/** States that are sent for a session that does not begin or is over (S2:95,100). */
const NO_SESSION: readonly unknown[] = ['error', 'disconnected', 'stopped'];

/** How the server answered a connection. */
export function admissionOf(conversation: Conversation): Admission {
  const { heard, response, end, request, clientClose } = conversation;
  if (response !== undefined && response.event.status !== 101) {
    return { kind: 'refused', how: 'http', index: response.index, status: response.event.status };
  }
  const error = heard.find(({ message }) => message.kind === 'error');
  const sign = heard.find(({ index, message: { kind, fields } }) => {
    if (kind === 'partial' || kind === 'final') return true;
    const isFirst = error === undefined || index < error.index;
    return kind === 'state' && isFirst && !NO_SESSION.includes(fields['state']);
  });
  if (sign !== undefined) return { kind: 'started', index: sign.index };
  if (error !== undefined) return { kind: 'refused', how: 'error', index: error.index };
  const closed =
    serverLeavingOf(conversation) ??
    (end?.event.by === 'server' && clientClose === undefined ? end : undefined);
  if (closed !== undefined) return { kind: 'refused', how: 'closed', index: closed.index };
  return { kind: 'open', index: (response ?? request)?.index };
}

/** A description for reports. */
export function describeAdmission(admission: Admission): string {
  switch (admission.kind) {
    case 'started':
      return 'a session began';
    case 'open':
      return 'neither a session nor a refusal';
    case 'refused':
      switch (admission.how) {
        case 'http':
          return `refused with HTTP ${admission.status}`;
        case 'error':
          return 'refused with an error message';
        case 'closed':
          return 'closed without a session';
      }
  }
}
