import type { Conversation } from '../../conversation.ts';
import { broken, held, type Invariant, type Occasion, type Play } from '../../invariant.ts';
import { shown } from '../../shown.ts';
import { normalise } from '../../text/normalise.ts';
import { isReporting } from '../reporting.ts';
import { isUnderstood, isWhole, perConnection, wasOpen } from './conversations.ts';
import { evidence } from './evidence.ts';
import { clientReports, hasArrived, isFailureReport } from './reports.ts';
import type { Result } from './results.ts';
import { allOf, segmentsOf } from './segments.ts';

/** What a client shows its user, as far as it reports it: partials, errors, and how the connection ended. */
export const clientDisplay: readonly Invariant[] = [
  perConnection('SX-PART-012', replaces),
  perConnection('SX-ERR-005', function* (conversation, play) {
    if (!isReporting(play)) return;
    const { own } = clientReports(conversation, play);
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

/** A client that shows something is no more results behind: all of them would be compared with each display. */
const MOST_BEHIND = 500;

/**
 * Appended are two results of one segment where only the later one should stand. What stands before them, and how the
 * words are set apart, is the client's business.
 */
function* replaces(conversation: Conversation, play: Play): Iterable<Occasion> {
  if (!isWhole(conversation)) return;
  const { own } = clientReports(conversation, play);
  const displays = own.filter(
    ({ report: { event, text } }) => event === 'display' && typeof text === 'string',
  );
  if (displays.length === 0) return;
  const updates = updatesIn(conversation);
  const past: Past = { finals: '', borders: new Set([0]), partials: [{ text: '', at: 0 }] };
  let next = 0;
  let latest: Result | undefined;
  for (const { index, report } of displays) {
    for (; (updates[next]?.result.index ?? Infinity) < index; next++) {
      const update = updates[next];
      remember(past, update);
      if (update?.result.isFinal === false) latest = update.result;
    }
    const told = tight(report['text']);
    if (latest === undefined || told === '') continue;
    if (isWell(told, past)) {
      yield held(...evidence(latest.index, index));
      continue;
    }
    const appended = updates
      .slice(Math.max(0, next - MOST_BEHIND), next)
      .findLast(({ before, text }) => before !== undefined && told.endsWith(before.text + text));
    if (appended === undefined) continue;
    const events = evidence(appended.before?.result.index, appended.result.index, index);
    const expected = `the latest text ${shown(appended.result.text)} alone`;
    yield broken(events, expected, `display ${shown(report['text'])}`);
  }
}

/** A result with its text as it is compared, and the one that it replaces. */
interface Update {
  readonly result: Result;
  readonly text: string;
  readonly before: Update | undefined;
}

function updatesIn(conversation: Conversation): readonly Update[] {
  const all = segmentsOf(conversation).segments.flatMap((segment) => {
    let before: Update | undefined;
    return allOf(segment).map((result) => (before = { result, text: tight(result.text), before }));
  });
  return all.sort((a, b) => a.result.index - b.result.index);
}

/** What a client may have on its screen: all finals, joined, and every partial with where the finals ended then. */
interface Past {
  finals: string;
  /** Where in `finals` one ends. */
  readonly borders: Set<number>;
  readonly partials: { readonly text: string; readonly at: number }[];
}

function remember(past: Past, update: Update | undefined): void {
  const text = update?.text ?? '';
  if (update?.result.isFinal === true) {
    past.finals += text;
    past.borders.add(past.finals.length);
  }
  past.partials.push({ text: update?.result.isFinal === true ? '' : text, at: past.finals.length });
}

/** Some of the last finals, and after them a partial that came then, or nothing. A client may be late. */
function isWell(told: string, { finals, borders, partials }: Past): boolean {
  for (let i = partials.length - 1; i >= Math.max(0, partials.length - MOST_BEHIND); i--) {
    const { text = '', at = 0 } = partials[i] ?? {};
    if (!told.endsWith(text)) continue;
    const before = told.slice(0, told.length - text.length);
    if (finals.endsWith(before, at) && borders.has(at - before.length)) return true;
  }
  return false;
}

/** Without spaces: how words are set apart does not count. */
function tight(text: unknown): string {
  return typeof text === 'string' ? normalise(text).replaceAll(' ', '') : '';
}

/** An end without a Close frame is a failure (S2:106), and a client that connects again treats it as one. */
function* failsWhenDropped(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { end, serverClose, clientClose } = conversation;
  if (end === undefined || !wasOpen(conversation) || serverClose !== undefined || clientClose !== undefined)
    return;
  if (!isUnderstood(conversation) || end.event.by !== 'server' || !['fin', 'reset'].includes(end.event.how))
    return;
  const { own } = clientReports(conversation, play);
  if (!isReporting(play)) return;
  const closed = own.find(({ report }) => report['event'] === 'closed');
  const isNormal = closed?.report['code'] === 1000;
  const sign =
    own.find(isFailureReport) ??
    (closed !== undefined && typeof closed.report['code'] === 'number' && !isNormal ? closed : undefined) ??
    play.conversations.find(({ request }) => (request?.index ?? -1) > end.index)?.request;
  const expected = 'a report of an error, or of a close that is not normal';
  if (sign !== undefined) yield held(...evidence(end.index, sign.index));
  else if (isNormal) yield broken(evidence(end.index, closed.index), expected, 'closed with 1000');
  else if (closed !== undefined) {
    const events = evidence(end.index, closed.index);
    yield { outcome: 'unclear', events, expected, actual: 'closed, without a code' };
  } else yield broken([end.index], expected, 'neither');
}
