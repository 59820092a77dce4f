import type { TraceEvent } from '../../../wire/trace.ts';

/** What a trace shows, in the words of a report. */
export interface Judgement {
  /** What kept it from showing more, each in a sentence. */
  readonly causes: readonly string[];
  /** What else there is to know, each in a sentence. */
  readonly notes: readonly string[];
  /** One for each requirement of the services that occur in it. */
  readonly requirements: readonly JudgedRequirement[];
  /** The other terms by which it can be judged. */
  readonly choices: JudgeChoices;
}

/** What the terms can name, for the services that occur in a trace. */
export interface JudgeChoices {
  /** Such as `scriptix=examples`. */
  readonly editions: readonly string[];
  /** Deviations from the documents that can be accepted. */
  readonly deviations: readonly {
    /** As terms name it. */
    readonly name: string;
    /** What it means, in one sentence. */
    readonly meaning: string;
  }[];
}

/** The terms by which a trace is judged. */
export interface JudgeTerms {
  /** The side whose requirements are judged (both). */
  readonly side?: 'server' | 'client' | 'both' | undefined;
  /**
   * Editions, `SERVICE=NAME` each, or `NAME` in a trace of one service (those that the trace names; it names none for
   * services that follow their documents).
   */
  readonly editions?: readonly string[];
  /** Names of deviations from the documents to accept (none). */
  readonly deviations?: readonly string[];
}

/** The verdict on one requirement. */
export interface JudgedRequirement {
  /** Its permanent id. */
  readonly id: string;
  /** MUST, SHOULD or INFO. */
  readonly level: string;
  /** The side that has to meet it. */
  readonly side: string;
  /** As in reports: `pass`, `fail`, `warn`, `not-exercised` and so on. */
  readonly verdict: string;
  /** What it asks for, in one sentence. */
  readonly statement: string;
  /** The lines of the documents that say so, such as `S0:5-7`. */
  readonly source: string;
  /** On how many occasions it could have been broken. */
  readonly exercised: number;
  /** What should have been seen, in words. */
  readonly expected?: string | undefined;
  /** What was seen instead. */
  readonly actual?: string | undefined;
  /** Why it was not exercised, or not decided. */
  readonly reason?: string | undefined;
  /** The events that prove it, counted from 0. */
  readonly evidence: readonly number[];
}

/** What is judged: the events of a trace, or the text of a file. */
export type Judged =
  | {
      /** What a session did. */
      readonly kind: 'events';
      /** Its name in sentences. */
      readonly name: string;
      /** They hold no secrets. */
      readonly events: readonly TraceEvent[];
    }
  | {
      /** A trace as NDJSON, or what a browser saved. */
      readonly kind: 'trace' | 'har';
      /** Its name in sentences. */
      readonly name: string;
      /** The whole file. */
      readonly text: string;
    };

/** Judges a trace. @throws UserError for a file that cannot be read, and for terms that do not exist */
export type Judge = (judged: Judged, terms?: JudgeTerms) => Promise<Judgement>;

/** A longer file is judged by `conformance trace`. */
export const LONGEST_TRACE_BYTES = 16 * 2 ** 20;
/** A longer trace is judged by `conformance trace`, too. */
export const MOST_JUDGED_EVENTS = 50_000;
