import type { RequirementId } from '../../../protocol/requirements.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import type { Invariant, Occasion, Play } from '../../judge/invariant.ts';
import type { Tolerances } from '../../judge/tolerances.ts';

/** The connections of a play to the turns socket. */
export const turnConversationsOf = derived(({ conversations }: Play): readonly Conversation[] => {
  return conversations.filter(({ dialect }) => dialect === 'reson8-turns');
});

/** An invariant that judges each connection to the turns socket on its own. */
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
