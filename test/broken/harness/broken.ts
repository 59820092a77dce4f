import type { ServiceName } from './judge.ts';
import type { Mutating } from './mutation.ts';

/** A server that breaks one requirement, and others only if this cannot be avoided. */
export interface Broken {
  /** The id of the requirement. */
  readonly id: string;
  readonly dialect: ServiceName;
  /** What it does, in words. */
  readonly breaks: string;
  /** Some reading allows it: it is a warning even where SHOULD counts as MUST. */
  readonly isDoubtful?: true;
  /** Other requirements whose verdict changes with it. */
  readonly unavoidable?: readonly Unavoidable[];
  readonly mutation: Mutating;
}

export interface Unavoidable {
  readonly id: string;
  readonly why: string;
  /** Not in every run: it depends on what comes before the client leaves. */
  readonly isOccasional?: true;
}

/** What can no longer be judged in some runs, in addition to what is broken. */
export function undecided(why: string, ...ids: readonly string[]): readonly Unavoidable[] {
  return ids.map((id) => ({ id, why, isOccasional: true }));
}

/** A server that is unusual but does nothing that the documents forbid. */
export interface Legal {
  readonly dialect: ServiceName;
  /** What it does, in words. */
  readonly does: string;
  /** The ambiguity that allows it, or another reason. */
  readonly because: string;
  readonly mutation: Mutating;
}
