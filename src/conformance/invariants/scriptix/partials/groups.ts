import type { RequirementId } from '../../../../protocol/requirements.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import {
  awaiting,
  broken,
  held,
  madeBy,
  type Invariant,
  type Occasion,
  type Play,
  type Window,
} from '../../../judge/invariant.ts';
import { WRONG_SESSION } from '../../../blame/mistakes.ts';
import { foreignWords } from '../../shared/foreign-words.ts';
import { wordsOf } from '../../../text/normalise.ts';
import { wordErrorRate } from '../../../text/word-error-rate.ts';
import { evidence } from '../../shared/evidence.ts';
import { isWhole } from '../../shared/whole.ts';
import { resultsOf } from '../results.ts';
import { segmentsOf } from './segments.ts';
import { grouped } from '../../../../runtime/grouped.ts';

/** What shows only when sessions are compared, usually those with the same `context.group`. */
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

/** Two sessions with the same audio have the same words, within the accuracy of a recogniser. */
function* sameWords(group: Group, play: Play, roles: readonly string[]): Iterable<Occasion> {
  const base = group.find(({ context }) => context.role === 'base');
  if (base === undefined) return;
  const said = heardIn(base);
  for (const other of group.filter(({ context }) => roles.includes(context.role ?? ''))) {
    const again = heardIn(other);
    // Nothing was recognised in either, so there is nothing to compare.
    if (said.index === undefined && again.index === undefined) continue;
    const rate = wordErrorRate(said.words, again.words);
    const most = play.tolerances.wordErrorRate;
    const events = evidence(said.index, again.index, base.request?.index, other.request?.index);
    const isOne = said.index === undefined || again.index === undefined;
    const role = other.context.role ?? '';
    if (!isOne && rate <= most) yield held(...events);
    else {
      const expected = `${role}: the words of the same audio, of which at most ${Math.round(most * 100)} % differ`;
      const actual = isOne ? 'results in only one of the two' : `${Math.round(rate * 100)} % differ`;
      const finding = awaiting(broken(events, expected, actual), wholeOf(base), wholeOf(other));
      yield madeBy(isOne ? undefined : WRONG_SESSION, finding);
    }
  }
}

function wholeOf({ moments }: Conversation): Window {
  return [moments[0]?.index ?? 0, moments.at(-1)?.index ?? 0];
}

/** The joined finals with the last partial of an unfinished segment, and the last result. */
function heardIn(conversation: Conversation): { words: readonly string[]; index: number | undefined } {
  const texts = segmentsOf(conversation).segments.map(
    ({ partials, final }) => (final ?? partials.at(-1))?.text ?? '',
  );
  return { words: wordsOf(texts.join(' ')), index: resultsOf(conversation).at(-1)?.index };
}
