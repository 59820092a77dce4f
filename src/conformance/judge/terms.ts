import type { Side } from '../../protocol/requirement.ts';
import type { Occasion } from './invariant.ts';
import type { RequirementResult } from './result.ts';

/** An occasion and the play that it was seen in. */
export interface Seen {
  readonly play: string;
  /** Of an occasion that tells a reading: the session whose reading it is. */
  readonly session?: string;
  readonly occasion: Occasion;
  /** Events of other plays that it takes besides. */
  readonly also?: RequirementResult['also'];
}

/** What is accepted and demanded beyond the requirements themselves. */
export interface Terms {
  /** Which side is judged (both): it is not blamed for what the other one did. */
  readonly side?: Side | 'both';
  /** SHOULD counts as MUST. */
  readonly strict: boolean;
  /** Names of deviations that are accepted. */
  readonly deviations: ReadonlySet<string>;
  /** Whether there is no time left: what was not judged by then is inconclusive. */
  readonly isOver?: () => boolean;
  /** Ids whose counterexamples did not fail again. */
  readonly unreproduced?: ReadonlySet<string>;
}

/** Whether it is about the side that is judged. */
export function isJudged({ by }: Occasion, { side = 'both' }: Terms): boolean {
  return by === undefined || side === 'both' || by === side;
}
