import type { Conversation } from '../conversation/conversation.ts';
import { countUntil } from '../conversation/ordered.ts';
import { conversationAt } from '../conversation/places.ts';
import type { Occasion, Play } from '../judge/invariant.ts';

/** The conversation that an occasion is about: the one of its last event. */
export function conversationOf({ events }: Occasion, play: Play): Conversation | undefined {
  return conversationAt(events.at(-1), play);
}

/** What an occasion blames: the last message of the server among its evidence, unless the occasion names another. */
export function blamedBy({ blames, events }: Occasion, play: Play): readonly number[] {
  if (blames !== undefined) return blames;
  const last = events.findLast((index) => isServers(index, play));
  return last === undefined ? [] : [last];
}

/** Whether the server sent an event. */
function isServers(index: number, play: Play): boolean {
  const { moments = [] } = conversationAt(index, play) ?? {};
  const event = moments[countUntil(moments, index, (each) => each.index) - 1]?.event;
  return event?.kind === 'response' || (event !== undefined && 'from' in event && event.from === 'server');
}

/** Events of a play that already prove a violation, each with the requirement that was broken. */
export class Blamed {
  readonly #causes = new Map<number, string>();
  /** The places in each conversation, sorted when they are first needed. */
  readonly #byConversation = new Map<Conversation | undefined, number[]>();
  #isSorted = true;
  readonly #play: Play;

  constructor(play: Play) {
    this.#play = play;
  }

  get isEmpty(): boolean {
    return this.#causes.size === 0;
  }

  /** The first requirement to blame an event is its cause; the most basic requirements come first. */
  add(index: number, id: string): void {
    if (this.#causes.has(index)) return;
    this.#causes.set(index, id);
    const conversation = this.#conversationAt(index);
    const own = this.#byConversation.get(conversation);
    if (own === undefined) this.#byConversation.set(conversation, [index]);
    else own.push(index);
    this.#isSorted = false;
  }

  has(index: number | undefined): boolean {
    return index !== undefined && this.#causes.has(index);
  }

  /**
   * The requirement that blames something in the conversation of a place: the last one between two places, inclusive.
   */
  lastBetween(after: number, before: number): string | undefined {
    const own = this.#inConversationOf(before) ?? this.#inConversationOf(after) ?? [];
    const index = own[firstAbove(own, before) - 1];
    return index === undefined || index < after ? undefined : this.#causes.get(index);
  }

  /** The cause nearest to what an occasion shows: in its evidence, before it, after it, or anywhere. */
  causeOf({ events }: Occasion): string | undefined {
    const own = events.find((index) => this.#causes.has(index));
    if (own !== undefined) return this.#causes.get(own);
    const last = events.at(-1) ?? Infinity;
    const [next] = this.#inConversationOf(last) ?? [...this.#causes.keys()];
    return this.lastBetween(-1, last) ?? this.#causes.get(next ?? -1);
  }

  #inConversationOf(index: number): readonly number[] | undefined {
    if (!this.#isSorted) for (const all of this.#byConversation.values()) all.sort((a, b) => a - b);
    this.#isSorted = true;
    return this.#byConversation.get(this.#conversationAt(index));
  }

  #conversationAt(index: number): Conversation | undefined {
    return conversationAt(index, this.#play);
  }
}

/** The index of the first number above a limit, in an ascending list. */
function firstAbove(ascending: readonly number[], limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ascending[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
