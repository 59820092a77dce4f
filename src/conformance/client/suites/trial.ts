import type { RequirementId } from '../../../protocol/requirements.ts';

/** A bundled scenario that every client of a dialect meets, and why. */
export interface Trial {
  /** The name of the scenario. */
  readonly name: string;
  /** The requirements that it is for: a correct client exercises all of them here. */
  readonly ids: readonly RequirementId[];
  /** The mistake that this scenario tempts a client to make (protocol-notes 4, or similar). */
  readonly temptation?: string;
}

/** A requirement that no scenario can make every correct client exercise, and why. */
export interface Beyond {
  readonly id: RequirementId;
  readonly reason: string;
}

/** The scenarios for clients of a dialect. */
export interface Suite {
  readonly trials: readonly Trial[];
  readonly beyond: readonly Beyond[];
}
