import { version } from '../../runtime/version.ts';
import type { RecordedPlay } from '../conversation/recorded-play.ts';
import { observe } from '../invariants/observe.ts';
import type { Play } from '../judge/invariant.ts';
import { withRests } from '../judge/rests.ts';
import type { RequirementResult } from '../judge/result.ts';
import type { Tolerances } from '../judge/tolerances.ts';
import { outcomeOf, summaryOf } from '../report/outcome.ts';
import type { ProgramEnd, Report } from '../report/report.ts';
import { partSentence, type PartOfRun } from '../report/part.ts';
import { sessionsOf } from '../report/session-summary.ts';

/** What is known at the end of a run. */
export interface RunFacts extends Pick<Report, 'subject' | 'seed' | 'profile' | 'startedAt' | 'durationMs'> {
  readonly results: readonly RequirementResult[];
  /** What was recorded, and how it was read. */
  readonly plays: readonly RecordedPlay[];
  readonly views: readonly Play[];
  /** Whether there is no time left for observations, which do not affect verdicts. */
  readonly isOver?: () => boolean;
  readonly programs?: readonly ProgramEnd[];
  readonly tolerances: Tolerances;
  readonly strict: boolean;
  /** Baseline entries that are no longer needed. */
  readonly stale?: readonly string[];
  /** Whether something is missing because the run ended before it got there. */
  readonly isCutShort?: boolean;
  /** Whether the runner itself has failed. */
  readonly isOurs?: boolean;
  /** Sentences; repeated ones are reported once. */
  readonly causes: readonly string[];
  readonly notes: readonly string[];
  /** Removes secrets from sentences. */
  readonly redact?: (text: string) => string;
  /** Which part of a run this is. */
  readonly part?: PartOfRun;
}

/** Builds the report of a run, in the same way for all kinds of runs. */
export function reportOf(facts: RunFacts): Report {
  const { subject, seed, profile, startedAt, durationMs, results, plays, views, programs, tolerances } =
    facts;
  const { strict, stale = [], isCutShort = false, isOurs = false, redact = (text: string) => text } = facts;
  const { part } = facts;
  const own = facts.causes.map(redact);
  const causes = [...new Set(part === undefined ? own : [...own, partSentence(part)])];
  const outcomeIf = (isMissing: boolean) =>
    isOurs ? 'harness-error' : outcomeOf(results, { stale, isCutShort: isCutShort || isMissing, strict });
  const notes = [...facts.notes, ...stale.map((line) => `Baseline: ${line}`)];
  return {
    schemaVersion: 1,
    tool: { name: 'asr-understudy', version: version() },
    ...{ subject, seed, profile, startedAt },
    durationMs: Math.round(durationMs),
    outcome: outcomeIf(part !== undefined),
    summary: summaryOf(results),
    requirements: withRests(results),
    observations: facts.isOver?.() === true ? [] : observe(views),
    sessions: plays.flatMap(sessionsOf),
    ...(programs === undefined ? {} : { programs }),
    tolerances,
    ...(causes.length === 0 ? {} : { causes }),
    notes: notes.map(redact),
    ...(part === undefined ? {} : { shard: { ...part, alone: outcomeIf(false) } }),
  };
}
