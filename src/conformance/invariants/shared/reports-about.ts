import type { Conversation, Moment } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import type { Play } from '../../judge/invariant.ts';
import { isFailureReport, reportsIn } from './client-reports.ts';

/** The reports of a client by what they show, each list in order. */
export interface SortedReports {
  readonly failures: readonly Moment[];
  /** All reports other than failures. */
  readonly others: readonly Moment[];
  /** Reports that show that the client is still working. */
  readonly signs: readonly Moment[];
}

/** The reports about this connection, and those about none in particular. */
export function reportsAbout({ session }: Conversation, play: Play): readonly SortedReports[] {
  const { bySession, stray } = reportsBySession(play);
  const own = bySession.get(session);
  return own === undefined ? [stray] : [own, stray];
}

const reportsBySession = derived(({ conversations }: Play) => {
  const strays = conversations.filter(({ request }) => request === undefined);
  const bySession = new Map<string, SortedReports>();
  for (const conversation of conversations) {
    const own = reportsWithin([conversation]);
    const hasAny = own.failures.length + own.others.length > 0;
    if (conversation.request !== undefined && hasAny) bySession.set(conversation.session, own);
  }
  return { bySession, stray: reportsWithin(strays) };
});

function reportsWithin(conversations: readonly Conversation[]): SortedReports {
  const all = reportsIn(conversations);
  return {
    failures: all.filter(isFailureReport),
    others: all.filter((each) => !isFailureReport(each)),
    signs: all.filter(isOfClient),
  };
}

/** Whether the client did it, and is still working: a report of a failure or of the end says the contrary. */
export function isOfClient({ event }: Moment): boolean {
  if (event.kind === 'report') return event.report['event'] !== 'error' && event.report['event'] !== 'closed';
  return 'from' in event && event.from === 'client';
}
