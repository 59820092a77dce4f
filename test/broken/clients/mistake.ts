import type { Dialect } from '../../../src/protocol/dialects.ts';

/** A client that breaks one requirement, and the others only where there is no way around it. */
export interface BrokenClient {
  /** Of the requirement. */
  readonly id: string;
  readonly dialect: Dialect;
  /** What it does, in words. */
  readonly breaks: string;
  /** The word that the client program knows it by. */
  readonly mistake: string;
  /** Where it makes this mistake; in all others it is as right as can be. */
  readonly scenarios: readonly [string, ...string[]];
  /** Some reading allows it: it is a warning even where SHOULD counts as MUST. */
  readonly isDoubtful?: true;
  /** Other requirements whose verdict changes with it. */
  readonly unavoidable?: readonly Unavoidable[];
}

export interface Unavoidable {
  readonly id: string;
  readonly why: string;
  /** Not in every run: it depends on what is under way when the client leaves. */
  readonly isOccasional?: true;
}

/** A duty of protocol-notes 4 that no requirement is about, and what a run says all the same. */
export interface Unasked {
  readonly dialect: Dialect;
  readonly mistake: string;
  readonly does: string;
  readonly scenarios: readonly [string, ...string[]];
  /** Requirements that notice, although they are about something else. */
  readonly noticed: readonly string[];
  readonly why: string;
}

/** What goes with a client that breaks off the connection. */
export const GONE: readonly Unavoidable[] = [
  { id: 'SX-ERR-004', why: 'it goes without a Close frame' },
  { id: 'SX-FIN-020', why: 'a final was under way', isOccasional: true },
];
