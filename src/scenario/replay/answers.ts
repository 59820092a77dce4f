import { dialectOfPath, type Dialect } from '../../protocol/dialects.ts';
import { MODELS_PATH, PRERECORDED_PATH, TOKEN_PATH } from '../../protocol/reson8/rest.ts';
import { ADDRESS_FIELD, ENDPOINTS } from '../../protocol/scriptix/rest.ts';
import { inTenths } from '../../runtime/clock.ts';
import { addressIn, fieldsIn, withValue } from '../../wire/lead.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import { ALL_CALLS, type Call } from '../dialects/calls.ts';
import { withoutPlaceholders } from '../placeholders.ts';
import type { ReplayMode } from './mode.ts';

// How requests were answered in a trace: upgrades and calls.

/** The longest time that a scenario can give. */
const LONGEST_LIFE_MS = 86_400_000;

/** A scenario has at most this many answers to successive requests. */
export const MOST_ATTEMPTS = 100;

type Request = Extract<TraceEvent, { kind: 'request' }>;
type Response = Extract<TraceEvent, { kind: 'response' }>;

/** The request of a session. */
export function requestOf(session: readonly TraceEvent[]): Request | undefined {
  return session.find((event): event is Request => event.kind === 'request');
}

/** The answer to it. */
export function responseOf(session: readonly TraceEvent[]): Response | undefined {
  return session.find((event): event is Response => event.kind === 'response');
}

/** The dialect of a session, by the path that it begins with. */
export function dialectAtPath(request: Request | undefined): Dialect | undefined {
  const path = request?.target.split('?')[0] ?? '';
  // A stream may have been requested without any token.
  return dialectOfPath(path) ?? dialectOfPath(`${path}/`);
}

/** What became of a request without an answer. */
export function lostHandshake(session: readonly TraceEvent[]): 'hang' | 'drop' | 'reset' {
  const end = session.find((event) => event.kind === 'end');
  // A client that did not wait for the answer gives up in the replay, too, however long it waits then.
  if (end === undefined || end.how === 'silence' || end.by === 'client') return 'hang';
  return end.how === 'reset' ? 'reset' : 'drop';
}

/**
 * Headers that belong to one connection, or that are generated again. Bodies are stored in a trace without their
 * encodings and sent that way, which every client can read.
 */
const OWN_HEADERS =
  /^(connection|content-length|content-encoding|content-digest|content-md5|transfer-encoding|date|keep-alive|upgrade|sec-websocket-.*)$/i;

/** An answer as a scenario gives it. */
export function answerOf({ status, headers, body }: Response): Record<string, unknown> {
  const kept = Object.entries(headers).filter(([name]) => !OWN_HEADERS.test(name));
  return {
    status,
    ...(kept.length === 0 ? {} : { headers: Object.fromEntries(kept) }),
    ...(body === undefined || body === '' ? {} : { body: withoutPlaceholders(body) }),
  };
}

/**
 * An answer that says where to connect. In a replay it leads to the replaying server, as in the recording it led to the
 * recorder.
 */
function leadingAnswerOf(response: Response): Record<string, unknown> {
  const { body = '' } = response;
  const url = addressIn(body, ADDRESS_FIELD);
  if (url === undefined) return answerOf(response);
  const here = `{scheme}://{host}${withoutPlaceholders(`${url.pathname}${url.search}${url.hash}`)}`;
  return { ...answerOf(response), body: withValue(body, ADDRESS_FIELD, here, withoutPlaceholders) };
}

/**
 * An answer with an access token, which in the recording is a stand-in. In a replay it is a token of the replaying
 * server, for the key that asks, so that it opens what this key opens there.
 */
function issuingAnswerOf(response: Response): Record<string, unknown> {
  const { body = '' } = response;
  if (typeof fieldsIn(body)?.['access_token'] !== 'string') return answerOf(response);
  return {
    ...answerOf(response),
    body: withValue(body, 'access_token', '{access-token}', withoutPlaceholders),
  };
}

/** How long an access token of an answer is valid. */
function lifeIn({ body = '' }: Response): string | undefined {
  const seconds = fieldsIn(body)?.['expires_in'];
  if (typeof seconds !== 'number' || !(seconds > 0)) return undefined;
  return ms(Math.min(seconds * 1000, LONGEST_LIFE_MS));
}

/** What the answer to a call is in a replay, where addresses and tokens are those of the replaying server. */
function answerTo(call: Call, response: Response): Record<string, unknown> {
  if (call === 'token') return issuingAnswerOf(response);
  return Object.hasOwn(ENDPOINTS, call) ? leadingAnswerOf(response) : answerOf(response);
}

/** A call, by its methods and its path; with `hasMore`, also at paths below it. */
interface Way {
  readonly methods: readonly string[];
  readonly path: string;
  readonly hasMore?: true;
}

const ways = ({ method, path }: (typeof ENDPOINTS)[keyof typeof ENDPOINTS]): Way => ({
  methods: [method],
  path,
});

/** How each call is made; other methods, such as a preflight, are answered by the server itself. */
const REQUESTS: Readonly<Record<Call, Way>> = {
  initialize: ways(ENDPOINTS.initialize),
  status: ways(ENDPOINTS.status),
  token: { methods: ['POST'], path: TOKEN_PATH },
  prerecorded: { methods: ['POST'], path: PRERECORDED_PATH },
  'custom-model': { methods: ['GET', 'HEAD', 'POST'], path: MODELS_PATH, hasMore: true },
};

/** A proxy may have prefixed the path. */
function isCallOf(request: Request, { methods, path, hasMore }: Way): boolean {
  const [asked = ''] = request.target.split('?');
  return (
    methods.includes(request.method) &&
    (asked.endsWith(path) || (hasMore === true && asked.includes(`${path}/`)))
  );
}

/** How a server answered the calls of these sessions. */
export function restServer(
  sessions: readonly (readonly TraceEvent[])[],
  mode: ReplayMode,
): Record<string, unknown> {
  const answers: Record<Call, unknown[]> = {
    initialize: [],
    status: [],
    token: [],
    prerecorded: [],
    'custom-model': [],
  };
  let life: string | undefined;
  for (const session of sessions) {
    const request = requestOf(session);
    const call = request && ALL_CALLS.find((each) => isCallOf(request, REQUESTS[each]));
    if (request === undefined || call === undefined) continue;
    const response = responseOf(session);
    if (call === 'token' && response !== undefined) life ??= lifeIn(response);
    const afterMs = mode === 'timed' && response !== undefined ? response.atMs - request.atMs : 0;
    const after = afterMs > 1 ? { after: ms(afterMs) } : {};
    answers[call].push(
      response === undefined ? lostHandshake(session) : { ...answerTo(call, response), ...after },
    );
  }
  const given = Object.entries(answers).filter(([, list]) => list.length > 0);
  return {
    ...(life === undefined ? {} : { 'expires-in': life }),
    ...Object.fromEntries(given.map(([call, list]) => [call, list.slice(0, MOST_ATTEMPTS)])),
  };
}

/** A length of time, as a scenario writes it. */
export function ms(value: number): string {
  return `${inTenths(value)}ms`;
}
