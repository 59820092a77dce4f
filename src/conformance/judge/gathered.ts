import type { Conversation } from '../conversation/conversation.ts';
import { conversationAt } from '../conversation/places.ts';
import type { Occasion, Play } from './invariant.ts';

/**
 * A list of the occasions of a play in which those that follow each other in one conversation and were just met are one
 * occasion with a count: every message of a long recording meets some requirement, and nothing but their number matters
 * of such occasions.
 */
export function gathered(occasions: Iterable<Occasion>, play: Play): readonly Occasion[] {
  const all: Occasion[] = [];
  let last: { -readonly [Key in keyof Occasion]: Occasion[Key] } | undefined;
  let place: Conversation | undefined;
  for (const occasion of occasions) {
    const own = isJustMet(occasion) ? placeOf(occasion, play) : undefined;
    if (last !== undefined && own !== undefined && own === place && occasion.by === last.by) {
      last.count = (last.count ?? 1) + (occasion.count ?? 1);
      continue;
    }
    place = own;
    last = own === undefined ? undefined : { ...occasion };
    all.push(last ?? occasion);
  }
  return all;
}

/** Whether it has nothing else that anyone looks at. */
function isJustMet(occasion: Occasion): boolean {
  if (occasion.outcome !== 'held') return false;
  for (const field in occasion) if (!COUNTED.has(field)) return false;
  return true;
}

const COUNTED: ReadonlySet<string> = new Set<keyof Occasion>(['outcome', 'events', 'count', 'by']);

/** The conversation of all of its events, if it is the same. */
function placeOf({ events }: Occasion, play: Play): Conversation | undefined {
  const place = conversationAt(events[0], play);
  return events.every((index) => conversationAt(index, play) === place) ? place : undefined;
}
