import type { Clock, ManualClock } from '../../runtime/clock.ts';
import type { ReadScenario } from '../../scenario/read/load.ts';
import type { Journal } from '../journal/journal.ts';
import type { Feed } from '../feed/feed.ts';
import type { Measured } from '../journal/metrics.ts';
import type { LogPart } from '../journal/session-log.ts';
import type { Usage } from '../journal/usage.ts';
import type { Session } from '../open-session.ts';
import type { Service } from '../rest/service.ts';
import type { NextOptions } from '../session/handout.ts';
import type { Verification, VerifyOptions } from '../verify/verifier.ts';
import type { Expectation } from '../verify/verify.ts';
import type { RequestHandler } from 'express';
import type { Listed, ListQuery } from './describe.ts';
import type { Judge } from './judge/judging.ts';
import type { ResetParts } from './reset.ts';

/** A scenario as listed by `GET scenarios`. */
export interface ScenarioEntry {
  readonly name: string;
  readonly dialect: string;
}

/** A part of a trace, and how many events the whole has. */
export interface TracePart extends LogPart {
  readonly total: number;
}

/** Of a connection whose trace the journal has no room for, nothing is kept. */
export type MaybeKept = TracePart | 'not kept';

/** What the control API needs from the server. */
export interface ControlOptions {
  /** The address that the server listens on. */
  readonly host: string;
  readonly token: string | undefined;
  /** Whether there is a page. */
  readonly page: boolean;
  /** Whether the server refuses further connections because it is about to stop. */
  readonly isDraining: () => boolean;
  /** Whether a part of the server does not answer at the moment. Left out if it has no parts. */
  readonly isDegraded?: () => boolean;
  /** Whether other replicas have started over without this one, so that it is of no use until it is restarted. */
  readonly isLockedOut?: () => boolean;
  /** Judges a trace; undefined if there is no judge. */
  readonly judge: Judge | undefined;
  readonly clock: ManualClock;
  readonly clockMode: 'real' | 'manual';
  /** Real time. */
  readonly wall: Clock;
  readonly journal: Journal;
  /** What was heard, for one token or for all. */
  readonly usage: (token: string | undefined) => Usage | Promise<Usage>;
  /** The numbers behind the metrics. */
  readonly measured: () => Measured | Promise<Measured>;
  readonly feed: Feed;
  /** The time of day at scenario time 0, ISO 8601. */
  readonly startedAt: string;
  /** The oldest session that was not handed out yet, or else the next one that opens, as the control API shows it. */
  readonly nextSession: (options: NextOptions) => Promise<Readonly<Record<string, unknown>>>;
  /** The sessions that are open or in the journal. */
  readonly list: (query: ListQuery) => Listed | Promise<Listed>;
  /** Answers calls about sessions of other processes. Left out if there are none. */
  readonly elsewhere?: RequestHandler;
  /** What `GET events` goes through first: it prepares the feed, or answers. Left out: nothing. */
  readonly events?: RequestHandler;
  /**
   * Some events of what is remembered of a connection or request, from the `from`-th on; `not kept` for a connection
   * whose trace the journal has no room for, undefined for an unknown one.
   */
  readonly partOf: (
    id: string,
    from: number,
    most: number,
  ) => MaybeKept | undefined | Promise<MaybeKept | undefined>;
  /** An open session of this process, or one that has ended and is in the journal. */
  readonly session: (id: string) => Session | undefined;
  /** The calls over HTTP that are remembered. */
  readonly requests: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What every call waits for, apart from those that everyone may make; left out: nothing. */
  readonly before?: () => Promise<void>;
  readonly service: Pick<Service, 'status'> & {
    set(...given: Parameters<Service['set']>): void | Promise<void>;
  };
  readonly assignments: {
    set(token: string, scenario: string): boolean | Promise<boolean>;
    delete(token: string): boolean | Promise<boolean>;
  };
  readonly hasScenario: (name: string) => boolean;
  readonly scenarios: () => readonly ScenarioEntry[];
  /** Adds a scenario from its text. @throws UserError for an invalid name, and when there is no room left */
  readonly addScenario: (name: string, text: string) => Promise<ReadScenario>;
  /**
   * Saves a scenario as a file, and adds it; undefined if that is not allowed. Returns false when there is a file that
   * must not be replaced. @throws UserError when it cannot be written
   */
  readonly saveScenario: ((name: string, text: string, replaces: boolean) => Promise<boolean>) | undefined;
  /** Removes a scenario that was added; returns whether there was one. */
  readonly removeScenario: (name: string) => boolean | Promise<boolean>;
  /** The scenarios for connections that select none, by dialect. */
  readonly defaults: () => Readonly<Record<string, string>>;
  /** Replaces them. @throws UserError for a name that does not exist */
  readonly setDefaults: (names: readonly string[]) => Promise<void>;
  /** Whether clients have done what is expected of them. */
  readonly verify: (expectations: readonly Expectation[], options: VerifyOptions) => Promise<Verification>;
  readonly reset: (parts: ResetParts) => Promise<void>;
}
