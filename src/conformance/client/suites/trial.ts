import type { RequirementId } from '../../../protocol/requirements.ts';

/** A bundled scenario that every client of a dialect meets, and why. */
export interface Trial {
  /** Of the scenario. */
  readonly name: string;
  /** The requirements that it is there for: a right client comes to all of them here. */
  readonly ids: readonly RequirementId[];
  /** What a client is tempted to get wrong here (protocol-notes 4, or of that sort). */
  readonly temptation?: string;
}

/** A requirement that no scenario can bring every right client to, and why. */
export interface Beyond {
  readonly id: RequirementId;
  readonly reason: string;
}

export interface Suite {
  readonly trials: readonly Trial[];
  readonly beyond: readonly Beyond[];
}
