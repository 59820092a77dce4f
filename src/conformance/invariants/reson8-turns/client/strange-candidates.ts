import type { Conversation, Heard } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import type { Occasion, Play } from '../../../judge/invariant.ts';
import { aftermathOf, survived } from '../../shared/aftermath.ts';
import { isRepeated, spokenTurnsOf, type Candidate } from '../spoken-turns.ts';

/**
 * Unusual candidates after which a client must continue: those without words, and those with the same words as the one
 * before.
 */
export function* accepted(conversation: Conversation, play: Play): Iterable<Occasion> {
  for (const { candidate, what } of strangeOnesIn(conversation).values()) {
    yield* survived(conversation, play, candidate, aftermathOf(conversation, play, candidate), {
      expected: `a client that goes on after ${what}`,
      events: [candidate.index],
      isPlain,
    });
  }
}

interface Strange {
  readonly candidate: Candidate;
  /** A description. */
  readonly what: string;
}

/** The candidates of this kind, by their place. */
const strangeOnesIn = derived((conversation: Conversation): ReadonlyMap<number, Strange> => {
  const strange = new Map<number, Strange>();
  for (const { candidates } of spokenTurnsOf(conversation)) {
    for (const [at, candidate] of candidates.entries()) {
      const what = strangenessOf(candidate, candidates[at - 1]);
      if (what !== undefined) strange.set(candidate.index, { candidate, what });
    }
  }
  return strange;
});

/** A description of what is unusual; undefined for candidates that every client has to expect. */
function strangenessOf(candidate: Candidate, before: Candidate | undefined): string | undefined {
  const how = candidate.isUnannounced ? ', without a continuation before it' : '';
  if (candidate.text?.trim() === '') return `a candidate without words${how}`;
  if (isRepeated(candidate, before)) return `the same candidate again${how}`;
  return candidate.isUnannounced ? `another candidate${how}` : undefined;
}

function isPlain({ index, message }: Heard, conversation: Conversation): boolean {
  return message.kind === 'turn_end_candidate' && !strangeOnesIn(conversation).has(index);
}
