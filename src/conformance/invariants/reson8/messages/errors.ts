import { hasArrived } from '../../shared/arrival.ts';
import { reportsIn, type ReceivedReport } from '../../shared/client-reports.ts';
import { broken, held, heldIf, type Invariant, type Occasion, type Play } from '../../../judge/invariant.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { shown } from '../../../text/shown.ts';
import { isReporting } from '../../shared/reporting.ts';
import { headerOf } from '../../shared/header-of.ts';
import { errorBodyOf, errorIn, errorNameOf, isDocumentedName, isError, nameOfStatus } from './error-name.ts';
import { isPassing } from '../opening/opening.ts';
import { perPlay, perRealtime, realtimesOf, type Realtime } from '../realtime.ts';

/** The names of errors (S4:129-134), and what a client does with errors. */
export const errors: readonly Invariant[] = [
  perRealtime('R8-ERR-001', function* (realtime) {
    yield* refusalName(realtime);
    for (const { index, message } of realtime.heard) {
      const name = isError(message) ? errorNameOf(message.fields ?? {}) : undefined;
      if (name === undefined) continue;
      const expected = 'INVALID_REQUEST, UNAUTHORIZED or INTERNAL_ERROR';
      yield heldIf(isDocumentedName(name), [index], expected, () => shown(name));
    }
  }),
  perPlay('R8-ERR-002', reported),
];

/** Statuses that are not in the document, such as 429, have no documented name either. */
function* refusalName({ response }: Realtime): Iterable<Occasion> {
  if (response === undefined) return;
  const { status, body, headers } = response.event;
  const expected = nameOfStatus(status);
  if (expected === undefined) return;
  const fields = errorBodyOf(body) ?? {};
  // By one account, a refusal has the reason in a header.
  const name = errorNameOf(fields) ?? errorNameOf({ reason: headerOf(headers, 'x-error-message') });
  if (name === undefined) return;
  yield heldIf(name === expected, [response.index], `${expected} for ${status}`, () => shown(name));
}

/** Reports belong to a client, not to a connection: it may make its next attempt before it reports anything. */
function* reported(play: Play): Iterable<Occasion> {
  const { conversations } = play;
  if (!isReporting(play)) return;
  const reports = reportsIn(conversations);
  for (const realtime of realtimesOf(play)) {
    const rejection = rejectionOf(realtime, play);
    if (rejection === undefined) continue;
    const report = reports.find((each) => each.index > rejection.index && tellsOfFailure(each));
    if (report !== undefined) yield held(rejection.index, report.index);
    else if (!rejection.hasArrived) continue;
    else if (!rejection.mayBeRetried || !isOpenAgain(conversations, rejection.index)) {
      yield broken([rejection.index], `a report of ${rejection.told}`, 'no report of an error');
    }
  }
}

function isOpenAgain(conversations: readonly Conversation[], after: number): boolean {
  return conversations.some(({ isOpen, request }) => isOpen && (request?.index ?? 0) > after);
}

interface Rejection {
  readonly index: number;
  readonly told: string;
  /** If it is temporary, a client may try again. */
  readonly mayBeRetried: boolean;
  /** Whether the client must have read it: a message may cross with the end of the connection. */
  readonly hasArrived: boolean;
}

/** An error message or a refusal. */
function rejectionOf(realtime: Realtime, play: Play): Rejection | undefined {
  const { response } = realtime;
  const error = errorIn(realtime);
  if (error !== undefined) {
    const { index, event } = error;
    const told = 'the error message';
    return { index, told, mayBeRetried: true, hasArrived: hasArrived(event.atMs, realtime, play) };
  }
  if (response === undefined || response.event.status < 400) return undefined;
  const { status } = response.event;
  const told = `HTTP ${status}`;
  return { index: response.index, told, mayBeRetried: isPassing(status), hasArrived: true };
}

function tellsOfFailure({ says, code }: ReceivedReport): boolean {
  return says === 'error' || (says === 'closed' && code !== undefined && code !== 1000);
}
