import type { Dialect } from './dialects.ts';

/**
 * What a requirement is, as data. The lists are in `scriptix/requirements.ts`, `reson8/requirements.ts` and
 * `transport/requirements.ts`; `requirements.ts` joins them. The ids are permanent: they appear in reports, baselines
 * and tests.
 */
export interface Requirement<Id extends string = string> {
  readonly id: Id;
  /** MUST: a document says it outright. SHOULD: the natural reading of a document. INFO: only observed. */
  readonly level: 'MUST' | 'SHOULD' | 'INFO';
  readonly side: Side | 'both';
  /** The dialects whose conversations it is about. */
  readonly dialects: readonly Dialect[];
  /** The requirement in our own words: one sentence without a full stop. */
  readonly statement: string;
  readonly source: readonly Source[];
  readonly check: Check;
  /** The editions of its service in which it holds; absent: in all. */
  readonly editions?: EditionRange;
  /** The entry of the dossiers' tables of ambiguities (A1 to A26) that says how it is read. */
  readonly ambiguity?: string;
}

/** A range of a service's editions, in the order of their list (`editions.ts`). */
export interface EditionRange {
  /** The first in which it holds; absent: the first of all. */
  readonly since?: string;
  /** The last in which it holds; absent: the last of all. */
  readonly until?: string;
  /** Why it does not hold in other editions, as a clause. */
  readonly why: string;
}

/** The side that has to meet a requirement. */
export type Side = 'server' | 'client';

/**
 * Where it is stated: `S0` to `S4` with a line or a range of lines, an RFC with a section, or a page or a program as a
 * whole.
 */
export interface Source {
  /** `S0` to `S4`, `RFC 6455`, or a name such as `T`; `documents.ts` says what each is. */
  readonly document: string;
  /** A line of the page, saved as text. */
  readonly line?: number;
  /** The last line of a range, inclusive. */
  readonly lastLine?: number;
  /** The section of an RFC. */
  readonly section?: string;
}

/**
 * How a requirement is checked: from a trace by an invariant, or not at all, with the reason. `witness` says what must
 * have happened before a pass means anything.
 */
export type Check =
  | {
      readonly kind: 'invariant';
      readonly witness: string;
      /** One value for both sides, or one for each. */
      readonly unseen: Unseen | Readonly<Record<Side, Unseen>>;
    }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * What it means if the witness never occurred: the run should have provoked it (`not-exercised`), or the requirement is
 * about something optional or something that cannot be provoked from outside (`not-applicable`).
 */
export type Unseen = 'not-exercised' | 'not-applicable';

/** A fact that reports show and that affects no verdict. */
export interface ObservationTopic<Id extends string = string> {
  readonly id: Id;
  readonly dialects: readonly Dialect[];
  readonly statement: string;
  readonly source: readonly Source[];
}
