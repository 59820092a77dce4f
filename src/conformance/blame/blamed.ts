import type { Conversation } from '../conversation/conversation.ts';
import { derived } from '../conversation/derived.ts';
import type { Occasion, Play } from '../judge/invariant.ts';

interface Place {
  readonly conversation: Conversation;
  readonly isServers: boolean;
}

/** Which conversation each event of a play belongs to, and whether the server sent it. */
const placesOf = derived(({ conversations }: Play): ReadonlyMap<number, Place> => {
  const found = new Map<number, Place>();
  for (const conversation of conversations) {
    for (const { index, event } of conversation.moments) {
      const isServers = event.kind === 'response' || ('from' in event && event.from === 'server');
      found.set(index, { conversation, isServers });
    }
  }
  return found;
});

/** The conversation that an occasion is about: the one of its last event. */
export function conversationOf({ events }: Occasion, play: Play): Conversation | undefined {
  return placesOf(play).get(events.at(-1) ?? -1)?.conversation;
}

/** What an occasion blames: the last message of the server among its evidence, unless the occasion names another. */
export function blamedBy({ blames, events }: Occasion, play: Play): readonly number[] {
  if (blames !== undefined) return blames;
  const places = placesOf(play);
  const last = events.findLast((index) => places.get(index)?.isServers === true);
  return last === undefined ? [] : [last];
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
    return placesOf(this.#play).get(index)?.conversation;
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
