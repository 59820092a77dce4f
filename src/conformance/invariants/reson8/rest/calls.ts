import type { RequirementId } from '../../../../protocol/requirements.ts';
import { PRERECORDED_PATH, TOKEN_PATH } from '../../../../protocol/reson8/rest.ts';
import type { TraceContext } from '../../../../wire/trace.ts';
import type { Conversation, MomentOf } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import type { Invariant, Occasion, Play } from '../../../judge/invariant.ts';
import { bodyOf, isOfServer, type Body } from '../../shared/answers.ts';
import { isAtPath } from '../../shared/at-path.ts';
import { headerOf } from '../../shared/header-of.ts';
import { NOT_CALLABLE } from '../../shared/not-served.ts';
import { othersOf } from '../../shared/other-plays.ts';

/** The purpose of a call: to get an access token, or to send a recording. */
export type Endpoint = 'token' | 'prerecorded';

const PATHS: Readonly<Record<Endpoint, string>> = { token: TOKEN_PATH, prerecorded: PRERECORDED_PATH };

/** A call with the documented method, answered by the server. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly request: MomentOf<'request'>;
  readonly query: URLSearchParams;
  readonly context: TraceContext;
  readonly status: number;
  readonly body: Body;
  readonly response: MomentOf<'response'>;
  /**
   * Whether the server has anything at the path: the answer has no status that says otherwise, and is not a page of a
   * web site.
   */
  readonly isServed: boolean;
  /** The request and the answer, as evidence. */
  readonly events: readonly number[];
}

/** The answered calls of a play, in the order in which they were made. */
export const callsOf = derived(({ conversations }: Play): readonly Call[] =>
  conversations.flatMap((conversation) => callIn(conversation) ?? []),
);

/** All calls in the run that a play belongs to. */
export function callsOfRun(play: Play, endpoint: Endpoint): readonly Call[] {
  return othersOf(play).flatMap((each) => callsOf(each).filter((call) => call.endpoint === endpoint));
}

/** Looks at the calls for which the server has an endpoint. */
export function perCall(
  id: RequirementId,
  endpoint: Endpoint,
  judge: (call: Call, play: Play) => Iterable<Occasion>,
): Invariant {
  return {
    id,
    *judge(play) {
      for (const call of callsOf(play)) {
        if (call.endpoint === endpoint && call.isServed) yield* judge(call, play);
      }
    },
  };
}

/** Whether a call succeeded. */
export function isSuccess({ status }: Call): boolean {
  return status >= 200 && status < 300;
}

/**
 * Whether an answer is about something other than the call: load, credits, another address, a problem of the service.
 */
export function isAnswerBesideThePoint({ status }: Call): boolean {
  return status === 402 || status === 429 || status >= 500 || (status >= 300 && status < 400);
}

/** The call of a conversation, if it is one. */
export function callIn(conversation: Conversation): Call | undefined {
  const { dialect, request, response, path, query, context } = conversation;
  if (dialect !== 'reson8-rest' || request?.event.method !== 'POST') return undefined;
  if (response === undefined || !isOfServer(response)) return undefined;
  const endpoint = (['token', 'prerecorded'] as const).find((each) => isAtPath(path, PATHS[each]));
  if (endpoint === undefined) return undefined;
  const { status, headers } = response.event;
  const isPage = status < 500 && /^text\/html\b/i.test(headerOf(headers, 'content-type'));
  return {
    endpoint,
    request,
    query,
    context,
    status,
    body: bodyOf(response, conversation),
    response,
    isServed: !NOT_CALLABLE.includes(status) && !isPage,
    events: [request.index, response.index],
  };
}
