import { reportsIn } from '../../shared/client-reports.ts';
import { DOCUMENTED_ANSWERS } from '../../../../protocol/scriptix/rest.ts';
import type { Conversation, MomentOf } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import {
  broken,
  held,
  heldIf,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { countUntil, firstAfter, inOrder, lastBefore, type Placed } from '../../../conversation/ordered.ts';
import { grouped } from '../../../../runtime/grouped.ts';
import { headerOf } from '../../shared/header-of.ts';
import { othersOf } from '../../shared/other-plays.ts';
import { isReporting } from '../../shared/reporting.ts';
import { answersOf, callsOf, fieldOf, type Answer, type Call } from './calls.ts';

/** A connection to the realtime service, or an attempt at one. */
interface Connection {
  readonly conversation: Conversation;
  readonly request: MomentOf<'request'>;
  readonly index: number;
}

const MESSAGES: readonly unknown[] = DOCUMENTED_ANSWERS.flatMap(({ body }) =>
  'message' in body ? [body.message] : [],
);
const FAILURES = [401, 403, 500, 503];
/** A client that polls more often than this has misunderstood the answer. */
const MOST_RETRIES = 10;

/** How a client reacts to the answers (S3:165-170). A client that never calls the API is not judged. */
export const restWorkflow: readonly Invariant[] = [
  {
    id: 'SX-REST-023',
    *judge(play) {
      const { endpoints } = courseOf(play);
      for (const connection of connectionsOf(play)) {
        const given = lastBefore(endpoints, connection.index);
        const endpoint = given && endpointOf(given);
        if (given === undefined || endpoint === undefined) continue;
        const wrong = difference(connection, endpoint);
        const expected = `a connection to ${endpoint.host}${endpoint.pathname}`;
        const events = [given.response.index, connection.index];
        yield heldIf(wrong === undefined, events, expected, () => `one to ${wrong ?? ''}`);
      }
    },
  },
  {
    id: 'SX-REST-024',
    *judge(play) {
      const [connection] = connectionsOf(play);
      if (connection === undefined || !callsOf(play).some((call) => isOnItsWay(call, connection))) return;
      // "Use /initialize to start the service if needed" (S3:72).
      const before = courseOf(play).answers.filter(({ index }) => index < connection.index);
      const reason = before.findLast(
        (answer) => answer.endpoint === 'initialize' || isReady(answer) === true,
      );
      const events = [...(reason === undefined ? [] : [reason.response.index]), connection.index];
      const actual = () => 'a connection before it, to a service that had not said that it is ready';
      yield heldIf(reason !== undefined, events, 'an answer of initialize, then a connection', actual);
    },
  },
  {
    id: 'SX-REST-025',
    *judge(play) {
      for (const answer of answersOf(play)) {
        if (isReady(answer) === false)
          yield connectedNext(play, answer, 'no connection while ready is false');
      }
    },
  },
  {
    id: 'SX-REST-026',
    *judge(play) {
      for (const answer of answersOf(play)) {
        if (wordingOf(answer) !== 'other') continue;
        if (isReady(answer) === false) yield wentByMessage(play, answer);
        else if (isReady(answer) === true) yield* tookReady(play, answer);
      }
    },
  },
  {
    id: 'SX-REST-027',
    *judge(play) {
      for (const answer of answersOf(play)) {
        if (FAILURES.includes(answer.status)) yield* afterFailure(play, answer);
      }
    },
  },
];

/** The connections of a play to either socket, in the order of their requests. */
export const connectionsOf = derived(({ conversations }: Play): readonly Connection[] => {
  const connections = conversations.flatMap((conversation) => {
    const { dialect, request } = conversation;
    if (request === undefined || (dialect !== 'scriptix' && dialect !== 'scriptix-stream')) return [];
    return [{ conversation, request, index: request.index }];
  });
  return inOrder(connections);
});

/** An answer, at the place where it came. */
type Given = Answer & Placed;

/** The events of a play by kind, in order. */
interface Course {
  readonly calls: readonly Placed[];
  readonly answers: readonly Given[];
  /** Answers that name an endpoint. */
  readonly endpoints: readonly Given[];
  /** Answers that say whether the service is ready, in order. */
  readonly looks: readonly Given[];
  readonly byResult: ReadonlyMap<string, readonly Given[]>;
  readonly work: readonly MomentOf<'report'>[];
  readonly errors: readonly MomentOf<'report'>[];
}

const courseOf = derived((play: Play): Course => {
  const answers = inOrder(answersOf(play).map((answer) => ({ ...answer, index: answer.response.index })));
  const reports = reportsIn(play.conversations);
  return {
    calls: inOrder(callsOf(play).map(({ request }) => request)),
    answers,
    endpoints: answers.filter((answer) => answer.status === 200 && endpointOf(answer) !== undefined),
    looks: answers.filter((answer) => isReady(answer) !== undefined),
    byResult: grouped(answers, resultOf),
    work: reports.filter(isOfWork),
    errors: reports.filter(isError),
  };
});

function resultOf({ endpoint, status }: Pick<Answer, 'endpoint' | 'status'>): string {
  return `${endpoint} ${status}`;
}

/** Whether a call shows that the client follows the documented way to a connection. */
function isOnItsWay({ endpoint, request }: Call, connection: Connection): boolean {
  return endpoint === 'initialize' || request.index < connection.index;
}

function isReady(answer: Answer): boolean | undefined {
  const ready = fieldOf(answer, 'ready');
  return answer.status === 200 && typeof ready === 'boolean' ? ready : undefined;
}

function endpointOf(answer: Answer): URL | undefined {
  const endpoint = fieldOf(answer, 'endpoint');
  if (typeof endpoint !== 'string' || !/^wss?:/i.test(endpoint) || !URL.canParse(endpoint)) return undefined;
  return new URL(endpoint);
}

/** How the target of a connection differs from the endpoint. The path for streams is another one (S1:12). */
function difference({ conversation, request }: Connection, endpoint: URL): string | undefined {
  const { path, dialect } = conversation;
  const host = headerOf(request.event.headers, 'host');
  const authority = `${endpoint.protocol}//${host}`;
  const isThere = host === '' || (URL.canParse(authority) && new URL(authority).host === endpoint.host);
  const isPath = dialect === 'scriptix-stream' || path === endpoint.pathname;
  return isThere && isPath ? undefined : `${host}${path}`;
}

function wordingOf(answer: Answer): 'documented' | 'other' | 'none' {
  const message = fieldOf(answer, 'message');
  if (typeof message !== 'string') return 'none';
  return MESSAGES.includes(message) ? 'documented' : 'other';
}

/**
 * `broken` if the next event after an answer is a connection, not another answer about readiness. A client that does
 * nothing more may have waited or crashed.
 */
function connectedNext(play: Play, answer: Answer, expected: string): Occasion {
  const after = answer.response.index;
  const { looks, calls, work } = courseOf(play);
  const connection = firstAfter(connectionsOf(play), after);
  const news = firstAfter(looks, after);
  if (connection !== undefined && (news === undefined || news.index > connection.index)) {
    return broken([after, connection.index], expected, 'a connection after an answer with ready: false');
  }
  const sign = firstAfter(calls, after) ?? firstAfter(work, after);
  return sign === undefined
    ? unclear([after], `${expected}, by a client that goes on`, 'it did nothing more')
    : held(after, sign.index);
}

/** How a client reacts to answers with a documented message, in which `ready` and the message agree. */
interface Habits {
  readonly connectsUnready: boolean;
  readonly waitsUnready: boolean;
  readonly connectsReady: boolean;
}

const habitsOf = derived((play: Play): Habits => {
  const documented = answersOf(play).filter((answer) => wordingOf(answer) === 'documented');
  const unready = documented
    .filter((answer) => isReady(answer) === false)
    .map((answer) => connectedNext(play, answer, '').outcome);
  const ready = documented.find((answer) => isReady(answer) === true)?.response.index ?? Infinity;
  return {
    connectsUnready: unready.includes('broken'),
    waitsUnready: unready.includes('held'),
    connectsReady: connectionsOf(play).some(({ index }) => index > ready),
  };
});

/** A client that ignores `ready` and always connects does not follow the message either. */
function wentByMessage(play: Play, answer: Answer): Occasion {
  const expected = 'a client that follows ready';
  const found = connectedNext(play, answer, expected);
  if (found.outcome !== 'broken') return found;
  const habits = othersOf(play).map(habitsOf);
  const { events, actual = '' } = found;
  if (habits.some(({ connectsUnready }) => connectsUnready)) {
    return unclear(events, expected, `${actual}, as it does after the documented messages`);
  }
  if (habits.some(({ waitsUnready }) => waitsUnready)) return found;
  return unclear(events, expected, `${actual}; whether it waits after a documented message was not seen`);
}

/**
 * A client that believes `ready` connects. One that does not connect may have other reasons, unless it reports a
 * failure.
 */
function* tookReady(play: Play, { response }: Answer): Iterable<Occasion> {
  const connection = firstAfter(connectionsOf(play), response.index);
  const error = firstAfter(courseOf(play).errors, response.index);
  if (connection !== undefined) yield held(response.index, connection.index);
  else if (error !== undefined) {
    const events = [response.index, error.index];
    const [expected, actual] = ['a connection, since ready is true', 'an error and no connection'];
    if (
      othersOf(play)
        .map(habitsOf)
        .some(({ connectsReady }) => connectsReady)
    ) {
      yield broken(events, expected, actual);
    } else yield unclear(events, expected, `${actual}, as after the documented messages`);
  }
}

function* afterFailure(play: Play, answer: Answer): Iterable<Occasion> {
  const { endpoint, status, response } = answer;
  const expected = `an error for the user after ${status}, and no connection`;
  const { byResult, errors } = courseOf(play);
  const like = (result: Pick<Answer, 'endpoint' | 'status'>) => byResult.get(resultOf(result)) ?? [];
  // A later answer of status does not make up for a refused initialize.
  const succeeded = endpoint === 'status' ? (['status', 'initialize'] as const) : (['initialize'] as const);
  const successes = succeeded.flatMap(
    (each) => firstAfter(like({ endpoint: each, status: 200 }), response.index) ?? [],
  );
  const [success] = inOrder(successes);
  const alike = like(answer);
  const againCount = alike.length - countUntil(alike, response.index, ({ index }) => index);
  const connection = firstAfter(connectionsOf(play), response.index);
  const error = firstAfter(errors, response.index);
  if (connection !== undefined && connection.index < (success?.index ?? Infinity)) {
    yield broken([response.index, connection.index], expected, 'a connection');
  } else if (againCount > MOST_RETRIES) {
    const last = alike.at(-1)?.index ?? response.index;
    yield broken([response.index, last], expected, `${againCount} more calls that ended alike`);
  } else if (error !== undefined) yield held(response.index, error.index);
  // A client that retries successfully has nothing to report.
  else if (success === undefined && isReporting(play)) {
    yield broken([response.index], expected, 'no report of an error');
  }
}

/** Whether a report does not report a failure. */
function isOfWork({ event }: MomentOf<'report'>): boolean {
  return event.report['event'] !== 'error' && event.report['event'] !== 'closed';
}

function isError({ event }: MomentOf<'report'>): boolean {
  return event.report['event'] === 'error';
}
