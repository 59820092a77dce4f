import type { Scope } from '../../protocol/dialects.ts';
import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { concurrently } from '../../runtime/concurrently.ts';
import { isIn, partOf, type Shard } from '../../runtime/shard.ts';
import { atEndOfTurn } from '../../runtime/turn.ts';
import type { ScenarioFile } from '../../scenario/schema/schema.ts';
import type { Played } from '../player/play-scenario.ts';
import type { Progress } from '../progress.ts';
import { diagramOf } from '../report/drawing/diagram.ts';
import type { RequirementResult } from '../judge/result.ts';
import { Experiments, nameOf, type ExperimentOptions } from './experiments.ts';
import { legalSessions } from './legal-sessions.ts';
import { smaller } from './reduce.ts';
import { bothNames } from '../report/both-names.ts';

/** A small generated scenario that breaks a requirement. */
export interface Counterexample {
  /** The id of the requirement. */
  readonly id: string;
  /** The name of its file, without the extension. */
  readonly name: string;
  /** The scenario, in the form of a scenario file. */
  readonly file: ScenarioFile;
  /** What the server did when it was played. */
  readonly played: Played;
  /** Whether it failed again in some repetition, or there was no time for any. */
  readonly isReproduced: boolean;
  /** What the result of its requirement says. */
  readonly result: Pick<
    RequirementResult,
    'expected' | 'actual' | 'play' | 'evidence' | 'determinism' | 'shrunk' | 'diagram'
  >;
}

/** What a search has found. */
export interface Explored {
  readonly plays: readonly Played[];
  readonly counterexamples: readonly Counterexample[];
  readonly notes: readonly string[];
}

/** What is searched, and how long. */
export interface ExploreOptions extends ExperimentOptions {
  readonly dialect: Scope;
  readonly seed: number;
  readonly runs: number;
  /** The part of the sessions that is played here (all of them). */
  readonly shard?: Shard | undefined;
  /** Real time for making all counterexamples smaller, together; with 0 they stay as they were found. */
  readonly shrinkMs: number;
  readonly concurrency: number;
  readonly onProgress: (progress: Progress) => void;
}

/** The maximum number of plays for making one counterexample smaller, by shrinking and then by reducing. */
const MOST_SHRINKS = 120;
const MOST_REDUCTIONS = 80;
/** How many times a counterexample is played again. */
const REPEATS = 3;
/** The share of the time for shrinking; the rest is for repeating. */
const SHRINKING = 0.75;
/** A server that breaks more requirements than this has bigger problems. */
const MOST_COUNTEREXAMPLES = 8;

/**
 * Plays generated legal sessions, and looks for the smallest that breaks each requirement that any of them breaks. Each
 * requirement is a property of its own; otherwise shrinking would slip from one fault to another.
 */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const { requirements, seed, runs, shard, shrinkMs, target, onProgress } = options;
  const arbitrary = legalSessions(options.dialect);
  const files = partOf(drawn(arbitrary, { seed, numRuns: runs }), shard);
  const experiments = new Experiments(options);
  await playAll(files, experiments, options);
  const sampled = experiments.plays;
  const judged = requirements.filter(({ level, check }) => level !== 'INFO' && check.kind === 'invariant');
  const broken = await brokenIn(
    sampled,
    judged.map(({ id }) => id),
    experiments,
    target,
  );
  const counterexamples: Counterexample[] = [];
  const sought = broken.slice(0, MOST_COUNTEREXAMPLES);
  const endMs = target.clock.now() + shrinkMs;
  let searched = 0;
  for (const [i, id] of sought.entries()) {
    if (target.signal?.aborted === true) break;
    searched += 1;
    onProgress({ kind: 'shrinking', id });
    // Each gets its share of the remaining time, so that long sessions of one do not take time from the others.
    const shareMs = (endMs - target.clock.now()) / (sought.length - i);
    const untilMs = target.clock.now() + shareMs;
    using time = timeFor(shareMs * SHRINKING, target);
    experiments.beginSearch(time.signal);
    const first = await shrunk(id, arbitrary, experiments, { seed, numRuns: runs }, shard);
    if (first !== undefined) {
      const smallest = await reduced(id, first, experiments);
      const wasCut = time.signal.aborted;
      const isFirst = files.some((file) => nameOf(file) === nameOf(smallest));
      using rest = timeFor(untilMs - target.clock.now(), target);
      experiments.beginSearch(rest.signal);
      const found = await reported(id, smallest, experiments);
      const how = wasCut ? { shrunk: isFirst ? ('no' as const) : ('partly' as const) } : {};
      if (found !== undefined) counterexamples.push({ ...found, result: { ...found.result, ...how } });
    }
    experiments.keepOnly(files);
  }
  const left = broken.slice(searched);
  const why = searched < sought.length ? 'the run ended' : 'there are too many';
  const large = counterexamples.flatMap(({ id, result }) => (result.shrunk === undefined ? [] : [id]));
  return {
    plays: [...sampled, ...counterexamples.map(({ played }) => played)],
    counterexamples,
    notes: [
      ...(left.length === 0 ? [] : [`No counterexamples were sought for ${left.join(', ')}: ${why}.`]),
      ...(large.length === 0 ? [] : [unshrunk(large, options)]),
    ],
  };
}

/** The requirements that any of the sessions breaks, except those that there was no time to check. */
async function brokenIn(
  sampled: readonly Played[],
  ids: readonly string[],
  experiments: Experiments,
  { signal }: ExploreOptions['target'],
): Promise<readonly string[]> {
  const broken = new Set<string>();
  for (const played of sampled) {
    // Lets a signal that ends the run arrive in between.
    await new Promise<void>(atEndOfTurn);
    if (signal?.aborted === true) break;
    for (const id of ids) {
      if (!broken.has(id) && experiments.violation(id, played) !== undefined) broken.add(id);
    }
  }
  return ids.filter((id) => broken.has(id));
}

/** The given time, but no more than the run has left. */
function timeFor(
  ms: number,
  { clock, signal }: ExploreOptions['target'],
): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController();
  const cancel = ms > 0 ? clock.at(clock.now() + ms, () => over.abort()) : over.abort();
  const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  setMaxListeners(0, both);
  return { signal: both, [Symbol.dispose]: () => cancel?.() };
}

function unshrunk(ids: readonly string[], { shrinkMs, target }: ExploreOptions): string {
  const why =
    target.signal?.aborted === true
      ? 'the run ended'
      : shrinkMs === 0
        ? `${bothNames('--shrink-time', 'shrinkMs')} is 0`
        : `${bothNames(`--shrink-time ${shrinkMs / 1000}s`, 'shrinkMs')} was used up`;
  return `The counterexamples of ${ids.join(', ')} may not be the smallest: ${why}.`;
}

interface Drawing {
  readonly seed: number;
  readonly numRuns: number;
}

/** The values that a property with this seed would be tried with. */
function drawn(arbitrary: fc.Arbitrary<ScenarioFile>, parameters: Drawing): readonly ScenarioFile[] {
  const files: ScenarioFile[] = [];
  fc.check(
    fc.property(arbitrary, (file) => void files.push(file)),
    parameters,
  );
  return files;
}

async function playAll(
  files: readonly ScenarioFile[],
  experiments: Experiments,
  { concurrency, budget, onProgress }: ExploreOptions,
): Promise<void> {
  let done = 0;
  await concurrently(files, concurrency, async (file) => {
    const played = await experiments.play(file);
    done += 1;
    const name = played?.name ?? 'generated';
    onProgress({ kind: 'played', name, done, of: files.length, spent: budget.spent });
  });
}

/** What fast-check shrinks the first session that breaks the requirement to. */
async function shrunk(
  id: string,
  arbitrary: fc.Arbitrary<ScenarioFile>,
  experiments: Experiments,
  parameters: Drawing,
  shard: Shard | undefined,
): Promise<ScenarioFile | undefined> {
  let left = parameters.numRuns + MOST_SHRINKS;
  let tried = 0;
  let best: ScenarioFile | undefined;
  let suspect: ScenarioFile | undefined;
  await fc.check(
    fc.asyncProperty(arbitrary, async (file) => {
      left -= 1;
      // Until the first one that breaks it, these are the drawn sessions, of which some are played in other parts.
      const isElsewhere = shard !== undefined && best === undefined && !isIn(tried, shard);
      tried += 1;
      if (isElsewhere) return true;
      // Values that are not tried count as passed, so the smallest one found so far stays.
      if (left < 0) return true;
      const breaks = await experiments.breaks(id, file);
      if (breaks === 'always') best = file;
      if (breaks === 'once') suspect ??= file;
      return breaks !== 'always';
    }),
    parameters,
  );
  return best ?? suspect;
}

/** Removes what shrinking leaves over. */
async function reduced(id: string, file: ScenarioFile, experiments: Experiments): Promise<ScenarioFile> {
  let best = file;
  let left = MOST_REDUCTIONS;
  for (let found = true; found && left > 0;) {
    found = false;
    for (const candidate of smaller(best)) {
      if (left <= 0) break;
      left -= 1;
      if ((await experiments.breaks(id, candidate)) !== 'always') continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return best;
}

/** Plays it again a few times and reports the results. */
async function reported(
  id: string,
  file: ScenarioFile,
  experiments: Experiments,
): Promise<Counterexample | undefined> {
  const name = `${id}-${nameOf(file).slice(0, 4)}`;
  let shown = await experiments.play(file);
  let repeats = 0;
  let failed = 0;
  for (let i = 0; i < REPEATS; i++) {
    const played = await experiments.again(file, `counterexamples/${name}`);
    // It is not repeated if no one is admitted.
    if (played === undefined || experiments.isObstructed(played)) break;
    repeats += 1;
    if (experiments.violation(id, played) === undefined) continue;
    failed += 1;
    shown = played;
  }
  if (shown === undefined) return undefined;
  const violation = experiments.violation(id, shown);
  if (violation === undefined) return undefined;
  const played = { ...shown, name: `counterexamples/${name}` };
  const { expected, actual, evidence } = violation;
  return {
    id,
    name,
    file: {
      ...file,
      summary: failed > 0 ? `Breaks ${id}` : `Broke ${id} once, and not when it was repeated`,
    },
    isReproduced: failed > 0 || repeats === 0,
    played,
    result: {
      expected,
      actual,
      play: played.name,
      evidence,
      determinism: determinismOf(failed, repeats),
      diagram: diagramOf(
        played.events,
        evidence.map((index) => ({ index })),
      ),
    },
  };
}

function determinismOf(failed: number, repeats: number): string {
  if (repeats === 0) return 'not repeated';
  if (failed === 0) return `0/${repeats} not reproduced`;
  return failed === repeats ? `${failed}/${repeats}` : `${failed}/${repeats} flaky`;
}
