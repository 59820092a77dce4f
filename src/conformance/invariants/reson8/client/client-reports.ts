import type { Conversation } from '../../../conversation/conversation.ts';

/** What a client says that its user sees. */
export interface ReceivedReport {
  readonly index: number;
  readonly event: string;
  readonly text: string | undefined;
  readonly code: number | undefined;
}

/** All reports, in their order. They are of a client, and with which connection each was recorded says little. */
export function reportsOf(conversations: readonly Conversation[]): readonly ReceivedReport[] {
  return conversations
    .flatMap(({ moments }) => moments)
    .flatMap(({ index, event }): readonly ReceivedReport[] => {
      if (event.kind !== 'report') return [];
      const { event: name, text, code } = event.report;
      if (typeof name !== 'string') return [];
      return [
        {
          index,
          event: name,
          text: typeof text === 'string' ? text : undefined,
          code: typeof code === 'number' ? code : undefined,
        },
      ];
    })
    .sort((a, b) => a.index - b.index);
}
