import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, doubtful, held, type Occasion, type Play } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { isPassing } from '../../reson8/opening/opening.ts';
import { isFailureReport, reportsIn, type ReceivedReport } from '../../shared/client-reports.ts';
import { headerOf } from '../../shared/header-of.ts';
import { isReporting } from '../../shared/reporting.ts';
import { turnConversationsOf } from '../turns.ts';

/** After these statuses the same request would be refused again. */
const FINAL: readonly number[] = [400, 401, 402];

/**
 * How a client handles refusals. Reports belong to a client, not to a connection: it may make its next attempt before
 * it reports anything.
 */
export function* refused(play: Play): Iterable<Occasion> {
  const conversations = turnConversationsOf(play);
  for (const conversation of conversations) {
    const { response } = conversation;
    if (response === undefined || response.event.status < 400) continue;
    const { status } = response.event;
    const again = FINAL.includes(status) ? retryOf(conversation, conversations) : undefined;
    if (again?.request !== undefined) {
      const events = [response.index, again.request.index];
      yield broken(events, `no other attempt after HTTP ${status}`, 'the same request again');
    }
    if (isReporting(play)) yield* reported(response.index, status, play);
  }
}

function* reported(index: number, status: number, play: Play): Iterable<Occasion> {
  const later = reportsIn(play.conversations).filter((each) => each.index > index);
  const expected = `a report of an error with the status ${status}`;
  const exact = later.find((each) => isFailureReport(each) && tells(status, each));
  const report = exact ?? later.find(isFailureReport) ?? later.find(isAbnormalClose);
  if (report === undefined) {
    // After a temporary refusal a client may try again, and need not report anything if that succeeds.
    const isOpenAgain = turnConversationsOf(play).some(
      ({ isOpen, request }) => isOpen && (request?.index ?? 0) > index,
    );
    if (!isPassing(status) || !isOpenAgain) yield broken([index], expected, 'no report of an error');
  } else if (report === exact) yield held(index, report.index);
  else yield doubtful([index, report.index], expected, shown(report.event.report));
}

/** Whether the status occurs anywhere in the report. */
function tells(status: number, { event }: ReceivedReport): boolean {
  return new RegExp(`(?<!\\d)${status}(?!\\d)`).test(JSON.stringify(event.report));
}

function isAbnormalClose({ says, code }: ReceivedReport): boolean {
  return says === 'closed' && code !== undefined && code !== 1000;
}

/**
 * The next attempt, if it asks for the same with the same credential; with another credential it is not a repetition.
 */
function retryOf(refusal: Conversation, all: readonly Conversation[]): Conversation | undefined {
  const after = refusal.response?.index ?? Infinity;
  const next = all.find(({ request }) => request !== undefined && request.index > after);
  return next !== undefined && askedBy(next) === askedBy(refusal) ? next : undefined;
}

function askedBy({ request }: Conversation): string {
  const { target, headers = {} } = request?.event ?? {};
  const credential = ['authorization', 'sec-websocket-protocol'].map((name) => headerOf(headers, name));
  return JSON.stringify([target, ...credential]);
}
