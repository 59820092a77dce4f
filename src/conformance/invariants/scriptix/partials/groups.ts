import type { RequirementId } from '../../../../protocol/requirements.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import type { Invariant, Occasion, Play } from '../../../judge/invariant.ts';
import { foreignWords } from '../../shared/foreign-words.ts';
import { isWhole } from '../../shared/whole.ts';
import { resultsOf } from '../results.ts';
import { sameWords } from './same-words.ts';
import { grouped } from '../../../../runtime/grouped.ts';

/** Requirements that can be judged only by comparing sessions, usually those with the same `context.group`. */
export const groups: readonly Invariant[] = [
  {
    id: 'SX-ISO-001',
    judge: (play) =>
      foreignWords(
        play,
        play.conversations
          .filter(({ dialect }) => dialect === 'scriptix' || dialect === 'scriptix-stream')
          .map((conversation) => ({ conversation, results: resultsOf(conversation) })),
      ),
  },
  perGroup('SX-MIC-008', (group, play) => sameWords(group, play, ['chunks', 'pace', 'lead'])),
];

type Group = readonly Conversation[];

function perGroup(id: RequirementId, judge: (group: Group, play: Play) => Iterable<Occasion>): Invariant {
  return {
    id,
    *judge(play) {
      const members = play.conversations.filter((conversation) => {
        const { dialect, context, isOpen } = conversation;
        if (dialect !== 'scriptix' || context.group === undefined) return false;
        return isOpen && isWhole(conversation) && sentBytes(conversation) > 0;
      });
      for (const group of grouped(members, ({ context }) => context.group).values())
        yield* judge(group, play);
    },
  };
}

function sentBytes({ said }: Conversation): number {
  return said.reduce((sum, { message }) => sum + (message.kind === 'audio' ? message.byteCount : 0), 0);
}
