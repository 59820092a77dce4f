import type { EditionNames } from '../../protocol/editions.ts';
import type { Side } from '../../protocol/requirement.ts';
import type { Occasion } from './invariant.ts';
import type { RequirementResult } from './result.ts';

/** An occasion, and the play in which it was seen. */
export interface Seen {
  readonly play: string;
  /** For an occasion that shows a reading: the session that it belongs to. */
  readonly session?: string;
  readonly occasion: Occasion;
  /** Events of other plays that it needs as well. */
  readonly also?: RequirementResult['also'];
}

/** What is accepted and required beyond the requirements themselves. */
export interface Terms {
  /** The side that is judged (both): it is not blamed for what the other one did. */
  readonly side?: Side | 'both';
  /** The editions of the run, for requirements that no conversation is about. */
  readonly editions?: EditionNames;
  /** SHOULD counts as MUST. */
  readonly strict: boolean;
  /** Names of deviations that are accepted. */
  readonly deviations: ReadonlySet<string>;
  /** Whether the time is up: requirements not judged by then are inconclusive. */
  readonly isOver?: () => boolean;
  /** Ids whose counterexamples did not fail again. */
  readonly unreproduced?: ReadonlySet<string>;
}

/** Whether it concerns the side that is judged. */
export function isJudged({ by }: Occasion, { side = 'both' }: Terms): boolean {
  return by === undefined || side === 'both' || by === side;
}
