import type { RequirementId } from '../../protocol/requirements.ts';
import type { Reading } from '../../protocol/ambiguities.ts';
import type { Peer } from '../../wire/trace.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Observation } from './result.ts';
import type { Tolerances } from './tolerances.ts';

/** One occasion on which a requirement could have been broken, and what became of it. */
export interface Occasion {
  /**
   * `held`: it was kept. `broken`: no reading of the documents allows it. `doubtful`: a reading allows it, or it is only
   * half of what was asked; a warning whatever the level. `unclear`: it came to it, and what was seen does not decide.
   */
  readonly outcome: 'held' | 'broken' | 'doubtful' | 'unclear';
  /** The events that prove it: places in the list of events of the play, ascending. */
  readonly events: readonly number[];
  /** In words, for `broken`, `doubtful` and `unclear`. */
  readonly expected?: string;
  readonly actual?: string;
  /** Which reading of the documents was seen, such as `A7: word times are relative to offset_ms`. */
  readonly reading?: Reading;
  /** The reading shows only faintly: something else could be why. It is reported, and is no part of a mixture. */
  readonly isFaint?: true;
  /** The named deviation that makes this occasion acceptable to whoever accepts it. */
  readonly deviation?: string;
  /**
   * Of an `unclear` one: what it is if the service was in order then, and whose requests show that. A status of 500 may
   * befall any request, and is an answer to this one if it befalls no other.
   */
  readonly ifInOrder?: Exclude<Occasion['outcome'], 'unclear'>;
  readonly inDialect?: Conversation['dialect'];
  /** Of a requirement of both sides: whose occasion it was. The other side is not judged by it. */
  readonly by?: Peer;
  /** Which events are wrong, where that is not the last message of the server in `events`. */
  readonly blames?: readonly number[];
  /** Of something that did not come: from where to where it could have. A message there may be it, broken. */
  readonly awaited?: readonly Window[];
  /** Something that only a subject which shows this sign of life somewhere in the run can be said to have kept. */
  readonly onlyIf?: Sign;
  /** The more basic requirement that blames the messages on which this rests; the judge says so. */
  readonly cause?: string;
}

/** What a server has to be able to do before it means anything that it does not do it. */
export type Sign = 'recognises speech' | 'confirms flushes' | 'starts sessions';

/** From one event of a conversation to another, both included. */
export type Window = readonly [after: number, before: number];

/** All that was recorded of one play of a scenario: its connections and calls in the order in which they began. */
export interface Play {
  /** What reports call it. */
  readonly name: string;
  readonly conversations: readonly Conversation[];
  readonly tolerances: Tolerances;
  /** All plays of the run, this one among them; absent where there is one only. */
  readonly run?: readonly Play[];
  /** When it began, in milliseconds of the run; only of plays against one and the same service. */
  readonly beganMs?: number;
}

/** Judges one requirement. Pure: the same play gives the same occasions. */
export interface Invariant {
  /** Of the requirement. */
  readonly id: RequirementId;
  readonly judge: (play: Play) => Iterable<Occasion>;
  /** It is about what goes on from one play to the next: it is given what was asked and answered in the whole run. */
  readonly isOfRun?: true;
}

/** Tells what is worth knowing about a play and nobody is judged by. Pure. */
export type Observe = (play: Play) => readonly Observation[];

/** An invariant that looks at every conversation by itself. */
export function perConversation(
  id: RequirementId,
  judge: (conversation: Conversation, tolerances: Tolerances) => Iterable<Occasion>,
): Invariant {
  return {
    id,
    *judge({ conversations, tolerances }) {
      for (const conversation of conversations) yield* judge(conversation, tolerances);
    },
  };
}

export function held(...events: readonly number[]): Occasion {
  return { outcome: 'held', events };
}

export function broken(events: readonly number[], expected: string, actual: string): Occasion {
  return { outcome: 'broken', events, expected, actual };
}

export function doubtful(events: readonly number[], expected: string, actual: string): Occasion {
  return { outcome: 'doubtful', events, expected, actual };
}

/** What was seen does not decide. */
export function unclear(events: readonly number[], expected: string, actual: string): Occasion {
  return { outcome: 'unclear', events, expected, actual };
}

export function withReading(occasion: Occasion, reading: Reading): Occasion {
  return { ...occasion, reading };
}

/** An occasion of a requirement that is about both sides. */
export function doneBy(by: Peer, occasion: Occasion): Occasion {
  return { ...occasion, by };
}

/** A finding that something did not come, and where it could have: within any of the windows. */
export function awaiting(occasion: Occasion, ...windows: readonly Window[]): Occasion {
  return { ...occasion, awaited: windows };
}

/** Kept by silence, or by no more than a promise: so does a server that can do nothing of the kind. */
export function heldBySilence(sign: Sign, ...events: readonly number[]): Occasion {
  return { ...held(...events), onlyIf: sign };
}

/** A finding that blames other events than the last message of the server among its evidence. */
export function blaming(occasion: Occasion, ...events: readonly (number | undefined)[]): Occasion {
  return { ...occasion, blames: events.filter((event) => event !== undefined) };
}

/** `held` or `broken`, by a condition. */
export function heldIf(
  isHeld: boolean,
  events: readonly number[],
  expected: string,
  actual: () => string,
): Occasion {
  return isHeld ? held(...events) : broken(events, expected, actual());
}

/** An unclear occasion that is decided if the service is seen to be in order meanwhile. */
export function ifInOrder(
  outcome: NonNullable<Occasion['ifInOrder']>,
  inDialect: Conversation['dialect'],
  occasion: Occasion,
): Occasion {
  return { ...occasion, ifInOrder: outcome, inDialect };
}
