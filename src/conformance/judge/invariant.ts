import type { RequirementId } from '../../protocol/requirements.ts';
import type { Reading } from '../../protocol/ambiguities.ts';
import type { Peer } from '../../wire/trace.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Observation } from './result.ts';
import type { Tolerances } from './tolerances.ts';

/** One occasion on which a requirement could have been broken, and its outcome. */
export interface Occasion {
  /**
   * `held`: the requirement was met. `broken`: no reading of the documents allows it. `doubtful`: some reading allows
   * it, or only half of the requirement was met; a warning whatever the level. `unclear`: it was exercised, but what
   * was seen does not decide.
   */
  readonly outcome: 'held' | 'broken' | 'doubtful' | 'unclear';
  /** The events that prove it: indexes into the list of events of the play, ascending. */
  readonly events: readonly number[];
  /** How many occasions of the same conversation it stands for, all of them met; absent for one. */
  readonly count?: number;
  /** In words, for `broken`, `doubtful` and `unclear`. */
  readonly expected?: string;
  readonly actual?: string;
  /** The reading of the documents that was seen, such as `A7: word times are relative to offset_ms`. */
  readonly reading?: Reading;
  /**
   * The evidence for the reading is weak: there may be another reason. It is reported, but never counts towards a
   * mixture.
   */
  readonly isFaint?: true;
  /** The named deviation that makes this occasion acceptable. */
  readonly deviation?: string;
  /**
   * For an `unclear` occasion: the outcome if the service was in order at the time, and whose requests show that. Any
   * request may meet a status of 500; it is an answer to this one if no other request got it.
   */
  readonly ifInOrder?: Exclude<Occasion['outcome'], 'unclear'>;
  readonly inDialect?: Conversation['dialect'];
  /** For a requirement of both sides: the side whose occasion it was. The other side is not judged by it. */
  readonly by?: Peer;
  /** The events that are wrong, if not the last message of the server in `events`. */
  readonly blames?: readonly number[];
  /**
   * For something that did not come: the spans in which it could have come. A message in one of them may be what is
   * missing, in a broken form.
   */
  readonly awaited?: readonly Window[];
  /** An `unclear` occasion that was a finding until repetitions did not show it again: those that held do not outweigh it. */
  readonly isUnproven?: true;
  /** The sign that the peer must show somewhere in the run before this counts as met. */
  readonly onlyIf?: Sign;
  /**
   * What a server does wrong, where one mistake breaks several requirements. If a requirement on which this one rests has
   * a finding with the same mistake anywhere in the run, that finding is the cause of this one.
   */
  readonly mistake?: string;
  /** The more basic requirement that blames the messages on which this rests; set by the judge. */
  readonly cause?: string;
}

/** What a server must have shown that it can do before it means anything that it did not do so in some case. */
export type Sign = 'recognises speech' | 'confirms flushes' | 'starts sessions';

/** From one event of a conversation to another, inclusive. */
export type Window = readonly [after: number, before: number];

/** Everything recorded of one play of a scenario: its connections and calls in the order in which they began. */
export interface Play {
  /** Its name in reports. */
  readonly name: string;
  readonly conversations: readonly Conversation[];
  readonly tolerances: Tolerances;
  /** All plays of the run, including this one; absent if there is only one. */
  readonly run?: readonly Play[];
  /** When it began, in milliseconds of the run; only for plays against the same service. */
  readonly beganMs?: number;
}

/** Judges one requirement. Pure: the same play gives the same occasions. */
export interface Invariant {
  /** The id of the requirement. */
  readonly id: RequirementId;
  readonly judge: (play: Play) => Iterable<Occasion>;
  /** It is about the sequence of plays, and gets the requests and answers of the whole run. */
  readonly isOfRun?: true;
}

/** Reports facts about a play that count for no verdict. Pure. */
export type Observe = (play: Play) => readonly Observation[];

/** An invariant that looks at every conversation separately. */
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

/** An occasion on which the requirement was met. */
export function held(...events: readonly number[]): Occasion {
  return { outcome: 'held', events };
}

/** An occasion that no reading of the documents allows. */
export function broken(events: readonly number[], expected: string, actual: string): Occasion {
  return { outcome: 'broken', events, expected, actual };
}

/** An occasion that some reading allows, or on which only half of the requirement was met. */
export function doubtful(events: readonly number[], expected: string, actual: string): Occasion {
  return { outcome: 'doubtful', events, expected, actual };
}

/** An occasion that what was seen does not decide. */
export function unclear(events: readonly number[], expected: string, actual: string): Occasion {
  return { outcome: 'unclear', events, expected, actual };
}

/** An occasion that shows a reading of the documents. */
export function withReading(occasion: Occasion, reading: Reading): Occasion {
  return { ...occasion, reading };
}

/** An occasion of a requirement that is about both sides. */
export function doneBy(by: Peer, occasion: Occasion): Occasion {
  return { ...occasion, by };
}

/** A finding that something did not come, with the spans in which it could have come. */
export function awaiting(occasion: Occasion, ...windows: readonly Window[]): Occasion {
  return { ...occasion, awaited: windows };
}

/** Met by silence or by a mere promise, which is no merit of a server that can do nothing of the kind. */
export function heldBySilence(sign: Sign, ...events: readonly number[]): Occasion {
  return { ...held(...events), onlyIf: sign };
}

/** A finding that blames events other than the last message of the server among its evidence. */
export function blaming(occasion: Occasion, ...events: readonly (number | undefined)[]): Occasion {
  return { ...occasion, blames: events.filter((event) => event !== undefined) };
}

/** A finding that may have the same cause as those of other requirements; unchanged without a mistake. */
export function madeBy(mistake: string | undefined, occasion: Occasion): Occasion {
  return mistake === undefined ? occasion : { ...occasion, mistake };
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

/** An unclear occasion that is decided if the service proves to have been in order at the time. */
export function ifInOrder(
  outcome: NonNullable<Occasion['ifInOrder']>,
  inDialect: Conversation['dialect'],
  occasion: Occasion,
): Occasion {
  return { ...occasion, ifInOrder: outcome, inDialect };
}
