import type { RequirementId } from '../../../protocol/requirements.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import type { Invariant, Occasion, Play } from '../../judge/invariant.ts';
import type { Tolerances } from '../../judge/tolerances.ts';

/** The connections for turns of a play. */
export const turnConversationsOf = derived(({ conversations }: Play): readonly Conversation[] => {
  return conversations.filter(({ dialect }) => dialect === 'reson8-turns');
});

/** An invariant that looks at every connection for turns by itself. */
export function perTurns(
  id: RequirementId,
  judge: (conversation: Conversation, tolerances: Tolerances, play: Play) => Iterable<Occasion>,
): Invariant {
  return {
    id,
    *judge(play) {
      for (const conversation of turnConversationsOf(play)) yield* judge(conversation, play.tolerances, play);
    },
  };
}
