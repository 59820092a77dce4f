import type { Dialect } from './dialects.ts';

/**
 * What a requirement is, as data. The lists are in `scriptix/requirements.ts`, `reson8/requirements.ts` and
 * `transport/requirements.ts`; `requirements.ts` joins them. The ids are permanent: they appear in reports, baselines
 * and tests.
 */
export interface Requirement<Id extends string = string> {
  readonly id: Id;
  /** MUST: a document says it outright. SHOULD: its natural reading. INFO: only looked at. */
  readonly level: 'MUST' | 'SHOULD' | 'INFO';
  readonly side: Side | 'both';
  /** Whose conversations it is about. */
  readonly dialects: readonly Dialect[];
  /** What is asked, in our own words; one sentence without a full stop. */
  readonly statement: string;
  readonly source: readonly Source[];
  readonly check: Check;
  /** The entry of the dossiers' tables of ambiguities (A1 to A26) that says how it is read. */
  readonly ambiguity?: string;
}

/** Who has to keep a requirement. */
export type Side = 'server' | 'client';

/** Where the documents say it: `S0` to `S4` with a line or a range of lines, or an RFC with a section. */
export interface Source {
  /** `S0` to `S4`, or `RFC 6455`; the dossiers link the pages. */
  readonly document: string;
  /** A line of the page, saved as text. */
  readonly line?: number;
  /** Of a range, both ends included. */
  readonly lastLine?: number;
  /** Of an RFC. */
  readonly section?: string;
}

/**
 * How it is looked at: `from` a trace by an invariant, or not at all, with the reason. `witness` says what must have
 * happened before a pass means anything.
 */
export type Check =
  | {
      readonly kind: 'invariant';
      readonly witness: string;
      /** One for both sides, or one for each. */
      readonly unseen: Unseen | Readonly<Record<Side, Unseen>>;
    }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * What it means when the witness never occurred: the run should have brought it about, or it is about something
 * optional, or something that cannot be provoked from outside.
 */
export type Unseen = 'not-exercised' | 'not-applicable';

/** Something that reports tell and nobody is judged by. */
export interface ObservationTopic<Id extends string = string> {
  readonly id: Id;
  readonly dialects: readonly Dialect[];
  readonly statement: string;
  readonly source: readonly Source[];
}
