import type { Dialect } from '../../../src/protocol/dialects.ts';

/** A client that breaks one requirement, and others only if this cannot be avoided. */
export interface BrokenClient {
  /** The id of the requirement. */
  readonly id: string;
  readonly dialect: Dialect;
  /** What it does, in words. */
  readonly breaks: string;
  /** The name of the mistake in the client program. */
  readonly mistake: string;
  /** The scenarios in which it makes this mistake; in all others it is correct. */
  readonly scenarios: readonly [string, ...string[]];
  /** Some reading allows it: it is a warning even where SHOULD counts as MUST. */
  readonly isDoubtful?: true;
  /** Other requirements whose verdict changes with it. */
  readonly unavoidable?: readonly Unavoidable[];
}

export interface Unavoidable {
  readonly id: string;
  readonly why: string;
  /** Not in every run: it depends on what is in flight when the client leaves. */
  readonly isOccasional?: true;
}

/** A duty of protocol-notes 4 that no requirement is about, and what a run reports anyway. */
export interface Unasked {
  readonly dialect: Dialect;
  readonly mistake: string;
  readonly does: string;
  readonly scenarios: readonly [string, ...string[]];
  /** Requirements that notice, although they are about something else. */
  readonly noticed: readonly string[];
  readonly why: string;
}

/** What else changes if a client breaks off the connection. */
export const GONE: readonly Unavoidable[] = [
  { id: 'SX-ERR-004', why: 'it leaves without a Close frame' },
  { id: 'SX-FIN-020', why: 'a final was in flight', isOccasional: true },
];
