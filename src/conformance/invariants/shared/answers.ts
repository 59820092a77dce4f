import { isDamagedBody, whyUnread } from '../../../wire/read-body.ts';
import type { Conversation, MomentOf } from '../../conversation/conversation.ts';
import { objectOf, type Fields } from '../../conversation/read-message.ts';
import { headerOf } from './header-of.ts';

/** `wrong`: not a single JSON object. `unknown`: not recorded, or unreadable. */
export type Body =
  | { readonly kind: 'object'; readonly fields: Fields }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** The name of the recorder in answers that it gives for a service that it cannot reach. */
const RECORDER = /\bunderstudy-record\b/;
/** Too many requests, and answers of gateways: these do not come from the service itself. */
export const NOT_DECIDED = [429, 502, 504];

/** Whether the server answered, rather than the recorder in its place. */
export function isOfServer(response: MomentOf<'response'>): boolean {
  return !RECORDER.test(headerOf(response.event.headers, 'via'));
}

/** The body of an answer to a call. */
export function bodyOf({ event: { body, headers } }: MomentOf<'response'>, { moments }: Conversation): Body {
  if (body === undefined) {
    for (const { event } of moments) {
      if (event.kind === 'fault' && event.from === 'server' && isDamagedBody(event.message)) {
        return { kind: 'wrong', why: event.message };
      }
      const why = whyUnread(event);
      if (why !== undefined) return { kind: 'unknown', why: `a body that was not read (${why})` };
    }
  }
  if (body === undefined && headerOf(headers, 'content-length') !== '0') {
    return { kind: 'unknown', why: 'a body that the trace does not have' };
  }
  if (body === undefined || body === '') return { kind: 'wrong', why: 'no body' };
  const fields = objectOf(body);
  return typeof fields === 'string' ? { kind: 'wrong', why: fields } : { kind: 'object', fields };
}
