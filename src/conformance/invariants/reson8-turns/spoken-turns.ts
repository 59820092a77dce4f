import type { Conversation, Heard } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import { normalise } from '../../text/normalise.ts';

/** A message that may turn out to be the end of a turn. */
export interface Candidate extends Heard {
  /** Undefined if it is not a string. */
  readonly text: string | undefined;
  /** Whether there is nothing between this candidate and the previous one of its turn. */
  readonly isUnannounced: boolean;
}

/** A turn as a server reports it; missing fields were not sent. */
export interface SpokenTurn {
  readonly start: Heard | undefined;
  readonly candidates: readonly Candidate[];
  readonly end: Heard | undefined;
}

type Draft = { -readonly [Key in keyof SpokenTurn]: SpokenTurn[Key] } & { candidates: Candidate[] };

/** The turns of a connection, in order. An event outside any turn begins one. */
export const spokenTurnsOf = derived(({ heard }: Conversation): readonly SpokenTurn[] => {
  const turns: Draft[] = [];
  let open: Draft | undefined;
  let isUnannounced = false;
  const begin = (start?: Heard): Draft => {
    const turn: Draft = { start, candidates: [], end: undefined };
    turns.push(turn);
    return turn;
  };
  for (const each of heard) {
    switch (each.message.kind) {
      case 'turn_start':
        open = begin(each);
        isUnannounced = false;
        break;
      case 'turn_continuation':
        isUnannounced = false;
        break;
      case 'turn_end_candidate': {
        const text = each.message.fields['text'];
        open ??= begin();
        open.candidates.push({ ...each, text: typeof text === 'string' ? text : undefined, isUnannounced });
        isUnannounced = true;
        break;
      }
      case 'turn_end':
        (open ?? begin()).end = each;
        open = undefined;
        isUnannounced = false;
        break;
      default:
    }
  }
  return turns;
});

/** Whether a candidate has the same words as the one before it in its turn. */
export function isRepeated({ text }: Candidate, before: Candidate | undefined): boolean {
  return text !== undefined && before?.text !== undefined && normalise(text) === normalise(before.text);
}

/** The turn that is open just before an event. */
export function openTurnAt(index: number, conversation: Conversation): SpokenTurn | undefined {
  const begun = spokenTurnsOf(conversation).filter(({ start, candidates, end }) => {
    const first = start ?? candidates[0] ?? end;
    return first !== undefined && first.index < index;
  });
  const last = begun.at(-1);
  return last?.end !== undefined && last.end.index < index ? undefined : last;
}
