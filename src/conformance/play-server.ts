import { mainSocketIn } from '../protocol/dialects.ts';
import type { Requirement } from '../protocol/requirement.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { causesIn } from './causes/causes.ts';
import { dialectsOfKnownToken } from './causes/known-token.ts';
import { lookAgain, lookWithMadeUp, placesInDoubt } from './causes/look-again.ts';
import type { Named } from './causes/sentences.ts';
import { explore, type Counterexample, type Explored } from './explore/explore.ts';
import { INVARIANTS } from './invariants/invariants.ts';
import type { Play } from './judge/invariant.ts';
import type { Tolerances } from './judge/tolerances.ts';
import { playOf } from './judging/plays.ts';
import type { Budget } from './player/budget.ts';
import { startFor } from './player/needed.ts';
import type { Means } from './player/plan.ts';
import { playProbes } from './player/play-probes.ts';
import type { Played } from './player/play-scenario.ts';
import { preflight, type Preflight } from './player/preflight.ts';
import { lookAtSeparate, NOT_LOOKED, type Separate } from './player/separate.ts';
import type { Target } from './player/target.ts';
import type { Progress } from './progress.ts';
import { PROFILES, SHRINK_MS, type ConformanceOptions } from './server-run-options.ts';

/** What is to be played, and within which limits. */
export interface ServerPlan {
  readonly options: ConformanceOptions;
  readonly target: Target & { readonly signal: AbortSignal };
  readonly means: Means;
  readonly budget: Budget;
  readonly tolerances: Tolerances;
  readonly requirements: readonly Requirement[];
  /** The probes of the package. */
  readonly bundled: readonly Scenario[];
  readonly probes: readonly Scenario[];
  /** The number of generated sessions. */
  readonly runs: number;
  readonly named: Named;
  readonly seed: number;
  readonly onProgress: (progress: Progress) => void;
}

/** What was played. */
export interface ServerPlays {
  readonly first: Preflight;
  /** The sockets that a server need not have. */
  readonly separate: Separate;
  /** All plays, in their order. */
  readonly plays: readonly Played[];
  readonly counterexamples: readonly Counterexample[];
  readonly notes: readonly string[];
}

const NOTHING: Explored = { plays: [], counterexamples: [], notes: [] };

/** Plays everything on a server: a first look, the probes, generated sessions, and another look at what is in doubt. */
export async function playServer(plan: ServerPlan): Promise<ServerPlays> {
  const { options, target, means, budget, bundled, probes, onProgress } = plan;
  const { dialect, profile = 'full' } = options;
  const first = await preflight(dialect, target, profile === 'live');
  budget.take({ audioMs: 0, sessions: first.plays.length });
  const { notes } = first;
  if (first.isOver) return { first, separate: NOT_LOOKED, plays: first.plays, counterexamples: [], notes };
  // A server that accepts another form only was given something else than an API key.
  const accessTokens = first.form === undefined ? { areIssued: true } : undefined;
  const within = { ...target, form: first.form, accessTokens };
  const start = first.isDown ? startFor(probes, bundled) : [];
  const separate = await lookAtSeparate(dialect, probes, within);
  budget.take({ audioMs: 0, sessions: separate.looks });
  const plays = [...first.plays, ...separate.plays];
  const there = probes.filter(({ file }) => !separate.missing.has(file.dialect));
  const skipped = await playProbes([...start, ...there], {
    target: within,
    means,
    budget,
    concurrency: concurrencyOf(options),
    plays,
    onProgress,
  });
  const explored = await playGenerated(plan, within, plays);
  plays.push(...explored.plays);
  plays.push(...(await lookAtDoubts(plan, within, plays, start.length > 0)));
  const { counterexamples } = explored;
  return { first, separate, plays, counterexamples, notes: [...notes, ...skipped, ...explored.notes] };
}

/** Generated sessions, unless no one is let in, as they would show nothing more. */
async function playGenerated(plan: ServerPlan, target: Target, plays: readonly Played[]): Promise<Explored> {
  const { options, budget, tolerances, requirements, runs, named, seed, onProgress } = plan;
  const { dialect, shard, shrinkMs = SHRINK_MS, deviations = [] } = options;
  if (runs === 0 || isStopped(plan)) return NOTHING;
  const before = viewsOf(plan, plays);
  const socket = mainSocketIn(dialect);
  if (causesIn(before, named).some(({ place }) => place === socket)) return NOTHING;
  return explore({
    ...{ dialect, target, budget, tolerances, requirements, before, named, seed, runs, shard, shrinkMs },
    invariants: INVARIANTS,
    deviations: new Set(deviations),
    concurrency: concurrencyOf(options),
    onProgress,
  });
}

/** Another look at the places that the plays leave in doubt. */
async function lookAtDoubts(
  plan: ServerPlan,
  target: Target,
  plays: readonly Played[],
  isStarted: boolean,
): Promise<readonly Played[]> {
  const { options, budget, named, seed } = plan;
  if (isStopped(plan) || budget.reached !== undefined) return [];
  const seen = viewsOf(plan, plays);
  // Only a session shows that a started service is up, and the probes that were needed may not have opened one.
  const own = isStarted ? [mainSocketIn(options.dialect)] : [];
  const places = new Set([...placesInDoubt(seen, named), ...own]);
  const again = await lookAgain([...places], options.dialect, target);
  const strange = await lookWithMadeUp(dialectsOfKnownToken(seen), target, seed);
  budget.take({ audioMs: 0, sessions: again.length + strange.length });
  return [...again, ...strange];
}

function isStopped({ target }: ServerPlan): boolean {
  return target.signal.aborted || target.room.isFull;
}

function viewsOf({ tolerances }: ServerPlan, plays: readonly Played[]): readonly Play[] {
  return plays.map((played) => playOf(played, tolerances));
}

function concurrencyOf({ concurrency, profile = 'full' }: ConformanceOptions): number {
  return concurrency ?? PROFILES[profile].concurrency;
}
