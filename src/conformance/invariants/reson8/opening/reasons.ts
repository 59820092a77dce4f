import { bodyOf, isOfServer } from '../../shared/answers.ts';
import { headerOf } from '../../shared/header-of.ts';
import {
  broken,
  doubtful,
  held,
  perConversation,
  unclear,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import type { Conversation, MomentOf } from '../../../conversation/conversation.ts';
import { shown } from '../../../text/shown.ts';

/** The statuses whose reason newer clients read. */
const WITH_REASON: readonly number[] = [400, 401, 402, 413, 429];
/** With this status, a gateway may have answered instead of the service, in a form of its own. */
const OF_GATEWAYS = 429;

/** Where refused upgrades give the reason. */
export const reasons: readonly Invariant[] = [
  perConversation('R8-ERR-003', function* (conversation) {
    const { dialect, response } = conversation;
    if (dialect !== 'reson8' && dialect !== 'reson8-turns') return;
    if (response !== undefined && isRefusal(response)) yield inHeader(response, conversation);
  }),
];

/** Where refused calls give the reason. */
export const problems: readonly Invariant[] = [
  perConversation('R8-ERR-004', function* (conversation) {
    const { dialect, response } = conversation;
    if (dialect !== 'reson8-rest') return;
    if (response !== undefined && isRefusal(response)) yield inProblem(response, conversation);
  }),
];

type Response = MomentOf<'response'>;

function isRefusal(response: Response): boolean {
  return WITH_REASON.includes(response.event.status) && isOfServer(response);
}

function inHeader(response: Response, conversation: Conversation): Occasion {
  const { status, headers } = response.event;
  const expected = 'the reason in X-Error-Message, and no body';
  if (headerOf(headers, 'x-error-message').trim() === '') {
    return wrong(response, expected, `HTTP ${status} without X-Error-Message`);
  }
  const body = bodyOf(response, conversation);
  const isThere = body.kind === 'object' || (body.kind === 'wrong' && response.event.body !== undefined);
  return isThere && response.event.body !== ''
    ? doubtful([response.index], expected, 'X-Error-Message and a body')
    : held(response.index);
}

function inProblem(response: Response, conversation: Conversation): Occasion {
  const { status, headers } = response.event;
  const expected = `application/problem+json with the status ${status} and a code in lower case`;
  const type = headerOf(headers, 'content-type').trim();
  if (!/^application\/problem\+json\b/i.test(type)) {
    return wrong(response, expected, `content-type: ${shown(type)}`);
  }
  const body = bodyOf(response, conversation);
  if (body.kind === 'unknown') return unclear([response.index], expected, body.why);
  if (body.kind === 'wrong') return wrong(response, expected, body.why);
  const { status: told, code } = body.fields;
  if (told !== status) return wrong(response, expected, `status: ${shown(told)}`);
  const isCode = typeof code === 'string' && code !== '' && code === code.toLowerCase();
  return isCode ? held(response.index) : wrong(response, expected, `code: ${shown(code)}`);
}

function wrong({ index, event: { status } }: Response, expected: string, actual: string): Occasion {
  return (status === OF_GATEWAYS ? unclear : broken)([index], expected, actual);
}
