import type { Conversation, MomentOf } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';

/** What a client reports that its user sees. */
export interface ReceivedReport extends MomentOf<'report'> {
  /** Its kind: `display`, `final`, `error`, `closed`. */
  readonly says: string | undefined;
  readonly text: string | undefined;
  readonly code: number | undefined;
}

/** The reports that were recorded with one conversation. */
const reportsOf = derived(({ moments }: Conversation): readonly ReceivedReport[] =>
  moments.flatMap((moment) => {
    const { event } = moment;
    if (event.kind !== 'report') return [];
    const { event: says, text, code } = event.report;
    return [
      {
        ...moment,
        event,
        says: typeof says === 'string' ? says : undefined,
        text: typeof text === 'string' ? text : undefined,
        code: typeof code === 'number' ? code : undefined,
      },
    ];
  }),
);

/** The reports of several conversations, in order. */
export const reportsIn = derived((conversations: readonly Conversation[]): readonly ReceivedReport[] =>
  sorted(conversations.flatMap(reportsOf)),
);

/** Reports outside connections, which count for all of them. */
const straysIn = derived((conversations: readonly Conversation[]): readonly ReceivedReport[] =>
  sorted(conversations.filter(({ request }) => request === undefined).flatMap(reportsOf)),
);

/** The reports of one connection, and those that belong to none in particular. */
export function reportsBeside(
  conversation: Conversation,
  conversations: readonly Conversation[],
): readonly ReceivedReport[] {
  const strays = straysIn(conversations);
  const own = conversation.request === undefined ? [] : reportsOf(conversation);
  return own.length === 0 ? strays : strays.length === 0 ? own : sorted([...own, ...strays]);
}

function sorted(reports: readonly ReceivedReport[]): readonly ReceivedReport[] {
  return [...reports].sort((a, b) => a.index - b.index);
}

/** Whether a client reports that something went wrong. */
export function isFailureReport({ says }: ReceivedReport): boolean {
  return says === 'error';
}
