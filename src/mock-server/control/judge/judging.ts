import type { TraceEvent } from '../../../wire/trace.ts';

/** What a trace shows, in the words of a report. */
export interface Judgement {
  /** What kept it from showing more, each in a sentence. */
  readonly causes: readonly string[];
  /** What else is to be known, each in a sentence. */
  readonly notes: readonly string[];
  /** One for each requirement of the services that occur in it. */
  readonly requirements: readonly JudgedRequirement[];
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
  /** It in one sentence. */
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

/** Judges a trace. @throws UserError for a file that cannot be read */
export type Judge = (judged: Judged) => Promise<Judgement>;

/** A longer file is judged by `conformance trace`. */
export const LONGEST_TRACE_BYTES = 16 * 2 ** 20;
/** A longer trace would keep the fake from everything else for too long. */
export const MOST_JUDGED_EVENTS = 50_000;
