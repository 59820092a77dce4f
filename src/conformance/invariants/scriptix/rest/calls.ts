import { API_KEY_HEADER, ENDPOINTS, type Endpoint } from '../../../../protocol/scriptix/rest.ts';
import type { TraceContext } from '../../../../wire/trace.ts';
import type { Conversation, MomentOf } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import type { Play } from '../../../judge/invariant.ts';
import { grouped } from '../../../../runtime/grouped.ts';
import { bodyOf, isOfServer, type Body } from '../../shared/answers.ts';
import { headerOf } from '../../shared/header-of.ts';

/** A call of the REST API, as a client made it. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly request: MomentOf<'request'>;
  /** Whether it was made with the documented method. */
  readonly isAsDocumented: boolean;
  readonly credential: TraceContext['credential'];
  /** Undefined if there is none yet. */
  readonly answer: Answer | undefined;
}

/** The answer of the service. */
export interface Answer {
  readonly endpoint: Endpoint;
  readonly status: number;
  readonly contentType: string;
  readonly body: Body;
  readonly credential: TraceContext['credential'];
  readonly request: MomentOf<'request'>;
  readonly response: MomentOf<'response'>;
  /** The request and the answer, as evidence. */
  readonly events: readonly number[];
}

/** Headers that may be meant as a credential: only a call without any of them certainly has none. */
const CREDENTIAL_HEADERS = [API_KEY_HEADER, 'x-api-key', 'api-key', 'authorization', 'cookie'];

/** All calls of a play, in the order in which they were made. */
export const callsOf = derived(({ conversations }: Play): readonly Call[] => {
  return conversations.flatMap((conversation) => callOf(conversation) ?? []);
});

/** The calls that were made as documented and answered by the service, in the order in which they were made. */
export function answersOf(play: Play, endpoint?: Endpoint): readonly Answer[] {
  return endpoint === undefined ? allAnswersOf(play) : (answersByEndpoint(play).get(endpoint) ?? []);
}

const allAnswersOf = derived((play: Play): readonly Answer[] =>
  callsOf(play).flatMap(({ answer, isAsDocumented }) =>
    answer !== undefined && isAsDocumented ? [answer] : [],
  ),
);

const answersByEndpoint = derived((play: Play) => grouped(allAnswersOf(play), ({ endpoint }) => endpoint));

/** A field of an answer with a readable body. */
export function fieldOf({ body }: Answer, name: string): unknown {
  return body.kind === 'object' ? body.fields[name] : undefined;
}

/** Whether the call has no key, or one that is not valid. */
export function isOfStranger({ credential }: Answer): boolean {
  return credential === 'missing' || credential === 'invalid';
}

/** Whether the call has no key that allows it. */
export function isToBeRefused(answer: Answer): boolean {
  return isOfStranger(answer) || (answer.credential === 'user' && answer.endpoint === 'initialize');
}

/**
 * What is wrong with a body as a whole, whatever it should contain: the same for all that are damaged in the same way.
 */
export function damageOf({ body }: Answer, names: readonly string[]): string | undefined {
  if (body.kind === 'unknown') return undefined;
  if (body.kind === 'wrong') return `every body: ${body.why.replace(/:.*/s, '')}`;
  if (names.some((name) => Object.hasOwn(body.fields, name))) return undefined;
  return `every body: ${Object.keys(body.fields).sort().join(', ')}`;
}

/** Whether a 200 of initialize describes a service that is not ready, as happens without auto-scaling (A12). */
export function answersAsItIs(answer: Answer): boolean {
  const status = fieldOf(answer, 'status');
  return fieldOf(answer, 'ready') === false && (status === 'scaled_down' || status === 'starting');
}

function callOf(conversation: Conversation): Call | undefined {
  const { dialect, request, response, path, context } = conversation;
  const endpoint = (['initialize', 'status'] as const).find((each) => path.endsWith(ENDPOINTS[each].path));
  if (dialect !== 'scriptix-rest' || request === undefined || endpoint === undefined) return undefined;
  const { method, headers } = request.event;
  // Browsers make this request by themselves, to find out whether they may call.
  if (method === 'OPTIONS') return undefined;
  const hasNone = CREDENTIAL_HEADERS.every((name) => headerOf(headers, name).trim() === '');
  const credential = context.credential ?? (hasNone ? 'missing' : undefined);
  const isOfService = response !== undefined && isOfServer(response) ? response : undefined;
  const answer = isOfService && {
    endpoint,
    status: isOfService.event.status,
    contentType: headerOf(isOfService.event.headers, 'content-type'),
    body: bodyOf(isOfService, conversation),
    credential,
    request,
    response: isOfService,
    events: [request.index, isOfService.index],
  };
  return { endpoint, request, isAsDocumented: method === ENDPOINTS[endpoint].method, credential, answer };
}
