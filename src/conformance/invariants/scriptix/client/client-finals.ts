import { hasArrived } from '../../shared/arrival.ts';
import { reportsIn, type ReceivedReport } from '../../shared/client-reports.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, held, type Invariant, type Occasion, type Play } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { isUnderstood } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';
import { isWhole } from '../../shared/whole.ts';
import { finalsOf, resultsOf, type Result } from '../results.ts';
import { grouped } from '../../../../runtime/grouped.ts';

/** A client keeps every final once and unchanged (S0:72; S1:40), across all its connections. */
export const clientFinals: readonly Invariant[] = [{ id: 'SX-FIN-021', judge: keeps }];

/** The finals with the same text: how often it was sent, and how often a client must have it. */
interface Kept {
  readonly sent: Result[];
  readonly due: Result[];
}

function* keeps(play: Play): Iterable<Occasion> {
  const conversations = play.conversations.filter(({ dialect }) => {
    return dialect === 'scriptix' || dialect === 'scriptix-stream';
  });
  if (conversations.length === 0 || !conversations.every(isWhole)) return;
  const reports = reportsIn(play.conversations);
  if (reports.length === 0) return;
  const finals = reports.filter(({ says }) => says === 'final');
  const reported = grouped(finals, ({ event }) => plain(event.report['text']));
  const kept = keptIn(conversations, play);
  if (kept.size === 0 && reported.size === 0) return;
  if (reported.size === 0) {
    // Perhaps the client never reports finals.
    const events = [...kept.values()].flatMap(({ due }) => due.map(({ index }) => index));
    const [expected, actual] = ['a report of every final', 'reports, but none of a final'];
    if (events.length > 0) yield { outcome: 'unclear', events: evidence(...events), expected, actual };
    return;
  }
  for (const [text, each] of kept) yield* count(text, each, reported.get(text) ?? []);
  if (!conversations.every(isReadable)) return;
  const partials = new Set(conversations.flatMap(resultsOf).map((each) => plain(each.text)));
  for (const [text, own] of reported) {
    // If a client keeps a partial for which no final came, it has not edited a final.
    if (kept.has(text) || partials.has(text)) continue;
    const events = own.map(({ index }) => index);
    yield broken(events, 'finals as they came', `the final ${shown(text)}, which was never sent`);
  }
}

function* count(text: string, { sent, due }: Kept, own: readonly ReceivedReport[]): Iterable<Occasion> {
  const events = evidence(...sent.map(({ index }) => index), ...own.map(({ index }) => index));
  const expected = due.length === sent.length ? `${sent.length}` : `${due.length} to ${sent.length}`;
  if (own.length >= due.length && own.length <= sent.length) {
    if (own.length > 0) yield held(...events);
  } else yield broken(events, `the final ${shown(text)} ${expected} times`, `${own.length} times`);
}

/**
 * A client must keep the finals that have certainly arrived, one for each offset: of a repeated final it may keep one
 * or both, and of one repeated with another text the first or both.
 */
function keptIn(conversations: readonly Conversation[], play: Play): ReadonlyMap<string, Kept> {
  const kept = new Map<string, Kept>();
  for (const conversation of conversations) {
    const offsets = new Set<number | undefined>();
    for (const final of finalsOf(conversation)) {
      const text = plain(final.text);
      if (final.text === undefined || text === '') continue;
      const own = kept.get(text) ?? { sent: [], due: [] };
      kept.set(text, own);
      own.sent.push(final);
      const isNew = final.offsetMs !== undefined && !offsets.has(final.offsetMs);
      if (isNew && hasArrived(final.atMs, conversation, play)) own.due.push(final);
      offsets.add(final.offsetMs);
    }
  }
  return kept;
}

/** Whether every message could be read; otherwise a client may know finals that are unknown here. */
function isReadable(conversation: Conversation): boolean {
  const isKnown = conversation.heard.every(({ message: { kind, fields } }) => {
    if (kind === 'unreadable' || kind === 'other') return false;
    return kind !== 'final' || typeof fields['text'] === 'string';
  });
  return isKnown && isUnderstood(conversation);
}

/** Leading, trailing and repeated spaces do not count as edits. */
function plain(text: unknown): string {
  return typeof text === 'string' ? text.replace(/\s+/g, ' ').trim() : '';
}
