import { hasArrived } from '../../shared/arrival.ts';
import { reportsBeside, isFailureReport } from '../../shared/client-reports.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, held, type Invariant, type Occasion, type Play } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { isReporting } from '../../shared/reporting.ts';
import { appendedIn, emptyScreen, isWell, receive, tight, type Update } from '../../shared/screen.ts';
import { isUnderstood, perConnection, wasOpen } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';
import { isWhole } from '../../shared/whole.ts';
import type { Result } from '../results.ts';
import { allOf, segmentsOf } from '../partials/segments.ts';

/** What a client shows its user, according to its reports: partials, errors, and how the connection ended. */
export const clientDisplay: readonly Invariant[] = [
  perConnection('SX-PART-012', replaces),
  perConnection('SX-ERR-005', function* (conversation, play) {
    if (!isReporting(play)) return;
    const own = reportsBeside(conversation, play.conversations);
    for (const { index, event, message } of conversation.heard) {
      if (message.kind !== 'error') continue;
      const report = own.find((each) => each.index > index && isFailureReport(each));
      if (report !== undefined) yield held(index, report.index);
      else if (hasArrived(event.atMs, conversation, play)) {
        yield broken([index], 'a report of the error', 'no report of an error');
      }
    }
  }),
  perConnection('SX-ERR-006', failsWhenDropped),
];

/**
 * The client appends two results of one segment if it shows both where it should show only the later one. What precedes
 * them, and how words are separated, is up to the client.
 */
function* replaces(conversation: Conversation, play: Play): Iterable<Occasion> {
  if (!isWhole(conversation)) return;
  const own = reportsBeside(conversation, play.conversations);
  const displays = own.flatMap(({ index, says, text }) =>
    says === 'display' && text !== undefined && tight(text) !== '' ? [{ index, text }] : [],
  );
  if (displays.length === 0) return;
  const updates = updatesIn(conversation);
  const screen = emptyScreen<Result>();
  let next = 0;
  let latest: Result | undefined;
  for (const { index, text } of displays) {
    for (
      let update = updates[next];
      update !== undefined && update.result.index < index;
      update = updates[++next]
    ) {
      receive(screen, update);
      if (!update.isFinal) latest = update.result;
    }
    if (latest === undefined) continue;
    if (isWell(text, screen)) {
      yield held(...evidence(latest.index, index));
      continue;
    }
    const appended = appendedIn(text, screen);
    if (appended === undefined) continue;
    const events = evidence(appended.before?.result.index, appended.result.index, index);
    yield broken(events, `the latest text ${shown(appended.result.text)} alone`, `display ${shown(text)}`);
  }
}

function updatesIn(conversation: Conversation): readonly Update<Result>[] {
  const all = segmentsOf(conversation).segments.flatMap((segment) => {
    let before: Update<Result> | undefined;
    return allOf(segment).map(
      (result) => (before = { result, isFinal: result.isFinal, text: tight(result.text), before }),
    );
  });
  return all.sort((a, b) => a.result.index - b.result.index);
}

/** An end without a Close frame is a failure (S2:106), and a client that reconnects treats it as one. */
function* failsWhenDropped(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { end, serverClose, clientClose } = conversation;
  if (end === undefined || !wasOpen(conversation) || serverClose !== undefined || clientClose !== undefined)
    return;
  if (!isUnderstood(conversation) || end.event.by !== 'server' || !['fin', 'reset'].includes(end.event.how))
    return;
  const own = reportsBeside(conversation, play.conversations);
  const closed = own.find(({ says }) => says === 'closed');
  const isNormal = closed?.code === 1000;
  const sign =
    own.find(isFailureReport) ??
    (closed !== undefined && closed.code !== undefined && !isNormal ? closed : undefined) ??
    play.conversations.find(({ request }) => (request?.index ?? -1) > end.index)?.request;
  // Without reports, only another connection can be seen.
  if (sign === undefined && !isReporting(play)) return;
  const expected = 'a report of an error, or of a close that is not normal';
  if (sign !== undefined) yield held(...evidence(end.index, sign.index));
  else if (isNormal) yield broken(evidence(end.index, closed.index), expected, 'closed with 1000');
  else if (closed !== undefined) {
    const events = evidence(end.index, closed.index);
    yield { outcome: 'unclear', events, expected, actual: 'closed, without a code' };
  } else yield broken([end.index], expected, 'neither');
}
