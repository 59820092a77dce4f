import type { Dialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import { applyBaseline, type BaselineEntry } from '../judge/baseline.ts';
import { clientCauses } from '../client/causes/client-causes.ts';
import type { AboutRun } from '../client/causes/cause.ts';
import { hasActed, playFacts } from '../client/causes/play-facts.ts';
import type { Troubles } from '../client/troubles.ts';
import { hasReported, withClientCause, withReason, withReporting } from '../client/reports/unreported.ts';
import { editionOf } from '../conversation/editions-in.ts';
import type { RecordedPlay } from '../conversation/recorded-play.ts';
import { judgePlays, playOf, requirementsOf, type Chosen } from './plays.ts';
import type { Tolerances } from '../judge/tolerances.ts';
import { againResult, type Again } from '../report/repeat/client.ts';
import type { ProgramEnd, Report } from '../report/report.ts';
import type { PartOfRun } from '../report/part.ts';
import { reportOf } from './report.ts';

/** A play of a client, and what is known about its program, if the runner started one. */
export interface RecordedClientPlay extends RecordedPlay {
  readonly program?: ProgramEnd;
  /** The line of its standard error that says what went wrong; empty if none. */
  readonly words: string;
}

/**
 * What a run of a client has recorded: everything that its verdicts depend on, without secrets and without functions.
 */
export interface ClientRecord extends Pick<Report, 'seed' | 'profile' | 'startedAt' | 'durationMs'> {
  readonly dialect: Dialect;
  readonly editions: EditionNames;
  readonly target: string;
  readonly chosen: Required<Chosen>;
  readonly strict: boolean;
  readonly deviations: readonly string[];
  readonly baseline: readonly BaselineEntry[];
  readonly tolerances: Tolerances;
  readonly plays: readonly RecordedClientPlay[];
  readonly about: AboutRun;
  readonly again: Again;
  readonly troubles: Troubles;
  /** Why the run ended before everything was played, in sentences that come before all others. */
  readonly cutShort: readonly string[];
  /** Remarks that do not come from any play. */
  readonly notes: readonly string[];
}

/** How to judge the record of a client. */
export interface JudgingClient {
  /** Whether there is no time left. */
  readonly isOver?: () => boolean;
  /** Removes secrets from sentences. */
  readonly redact?: (text: string) => string;
  /** Which part of the run this is, if it was shared out. */
  readonly part?: Omit<PartOfRun, 'record'>;
  /** Asked after everything has been judged; its answer replaces the one in the record. */
  readonly cutShort?: () => readonly string[];
}

/** Adds to the plays what is known about the whole run, and makes the report on them. Pure, apart from `isOver`. */
export function judgeClient(
  record: ClientRecord,
  { isOver, redact, part, ...late }: JudgingClient = {},
): { readonly report: Report; readonly plays: readonly RecordedClientPlay[] } {
  const { dialect, editions, target, chosen, strict, tolerances, about, troubles } = record;
  const plays = withReporting(record.plays);
  const requirements = requirementsOf('client', [dialect], chosen, editions);
  const terms = {
    strict,
    deviations: new Set(record.deviations),
    side: 'client' as const,
    editions,
    ...(isOver === undefined ? {} : { isOver }),
  };
  const views = plays.map((each) => playOf(each, tolerances));
  const judged = judgePlays(views, requirements, terms);
  const facts = plays.map((each) => playFacts(each, each.words));
  const causes = clientCauses(facts, about);
  const isSilent = !hasReported(plays) && facts.some(hasActed);
  const reasoned = withClientCause(
    isSilent ? withReason(judged) : judged,
    requirements,
    causes.find(({ isReason }) => isReason)?.sentence,
  ).map((result) => againResult(result, record.again));
  const cutShort = late.cutShort?.() ?? record.cutShort;
  const today = record.startedAt.slice(0, 10);
  const { results, stale } = applyBaseline(reasoned, record.baseline, today, part !== undefined);
  const report = reportOf({
    subject: { kind: 'client', dialect, ...editionOf(dialect, editions), target },
    ...{ results, stale, plays, views, tolerances, strict },
    ...{ seed: record.seed, profile: record.profile, startedAt: record.startedAt },
    durationMs: record.durationMs,
    isCutShort: troubles.isCutShort || cutShort.length > 0 || causes.some(({ isCut }) => isCut === true),
    isOurs: troubles.isOurs,
    ...(about.isAttached ? {} : { programs: plays.flatMap(({ program }) => program ?? []) }),
    causes: [
      ...cutShort,
      ...(troubles.cause === undefined ? [] : [troubles.cause]),
      ...causes.map(({ sentence }) => sentence),
      ...(troubles.consequence === undefined ? [] : [troubles.consequence]),
    ],
    notes: [...troubles.notes, ...record.notes],
    ...(redact === undefined ? {} : { redact }),
    ...(part === undefined ? {} : { part: { ...part, record: { ...record, cutShort } } }),
  });
  return { report, plays };
}
