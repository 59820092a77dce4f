import type { Conversation } from '../conversation/conversation.ts';
import { conversationsByEvent } from '../conversation/places.ts';
import type { Occasion, Play } from './invariant.ts';

/**
 * The occasions of a play as a list, in which consecutive ones of a conversation that were simply met become one with a
 * count: every message of a long recording meets some requirement, and only the number of such occasions matters.
 */
export function gathered(occasions: Iterable<Occasion>, play: Play): readonly Occasion[] {
  const all: Occasion[] = [];
  const places = conversationsByEvent(play.conversations);
  let last: { -readonly [Key in keyof Occasion]: Occasion[Key] } | undefined;
  let place: Conversation | undefined;
  for (const occasion of occasions) {
    const own = isJustMet(occasion) ? placeOf(occasion, places) : undefined;
    if (last !== undefined && own !== undefined && own === place && occasion.by === last.by) {
      last.count = (last.count ?? 1) + (occasion.count ?? 1);
      continue;
    }
    place = own;
    // A copy even of those that stay alone: V8 takes the place where kept objects are made for one whose objects live
    // long, and then keeps all occasions longer.
    last = own === undefined ? undefined : { ...occasion };
    all.push(last ?? occasion);
  }
  return all;
}

/** Whether it was met, and says nothing else. */
function isJustMet(occasion: Occasion): boolean {
  if (occasion.outcome !== 'held') return false;
  for (const field in occasion) if (!COUNTED.has(field)) return false;
  return true;
}

const COUNTED: ReadonlySet<string> = new Set<keyof Occasion>(['outcome', 'events', 'count', 'by']);

/** The conversation that all its events belong to, if there is one. */
function placeOf(
  { events }: Occasion,
  places: readonly (Conversation | undefined)[],
): Conversation | undefined {
  const place = places[events[0] ?? -1];
  for (const index of events) if (places[index] !== place) return undefined;
  return place;
}
