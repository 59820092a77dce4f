import fc from 'fast-check';
import type { Requirement } from '../../protocol/requirement.ts';
import type { ScenarioFile } from '../../scenario/schema.ts';
import type { Played } from '../player/play-scenario.ts';
import type { Progress } from '../progress.ts';
import { diagramOf } from '../report/diagram.ts';
import type { RequirementResult } from '../report/report.ts';
import { Experiments, nameOf, type ExperimentOptions } from './experiments.ts';
import { legalSessions } from './legal-sessions.ts';
import { smaller } from './reduce.ts';

/** A small scenario that breaks a requirement. */
export interface Counterexample {
  readonly id: string;
  /** What its file is called, without the extension. */
  readonly name: string;
  readonly file: ScenarioFile;
  readonly played: Played;
  /** What it says in the result of its requirement. */
  readonly result: Pick<
    RequirementResult,
    'expected' | 'actual' | 'play' | 'evidence' | 'determinism' | 'diagram'
  >;
}

export interface Explored {
  readonly plays: readonly Played[];
  readonly counterexamples: readonly Counterexample[];
  readonly notes: readonly string[];
}

export interface ExploreOptions extends ExperimentOptions {
  readonly dialect: 'scriptix' | 'reson8';
  readonly requirements: readonly Requirement[];
  readonly seed: number;
  readonly runs: number;
  readonly concurrency: number;
  readonly onProgress: (progress: Progress) => void;
}

/** So many plays to make one counterexample smaller, by shrinking and then by reducing. */
const MOST_SHRINKS = 120;
const MOST_REDUCTIONS = 80;
/** So often a counterexample is played again. */
const REPEATS = 3;
/** A server that breaks more requirements than this has other worries. */
const MOST_COUNTEREXAMPLES = 8;

/**
 * Plays made-up sessions that are legal, and looks for the smallest that breaks each requirement which any of them
 * breaks. One property for each requirement: otherwise shrinking slips from one fault to another.
 */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const { requirements, seed, runs, onProgress } = options;
  const arbitrary = legalSessions(options.dialect);
  const files = drawn(arbitrary, { seed, numRuns: runs });
  const experiments = new Experiments(options);
  await playAll(files, experiments, options);
  const sampled = experiments.plays;
  const judged = requirements.filter(({ level, check }) => level !== 'INFO' && check.kind === 'invariant');
  const broken = judged
    .map(({ id }) => id)
    .filter((id) => sampled.some((played) => experiments.violation(id, played) !== undefined));
  const counterexamples: Counterexample[] = [];
  for (const id of broken.slice(0, MOST_COUNTEREXAMPLES)) {
    onProgress({ kind: 'shrinking', id });
    const first = await shrunk(id, arbitrary, experiments, { seed, numRuns: runs });
    if (first !== undefined) {
      const smallest = await reduced(id, first, experiments);
      const found = await reported(id, smallest, experiments);
      if (found !== undefined) counterexamples.push(found);
    }
    experiments.keepOnly(files);
  }
  const left = broken.slice(MOST_COUNTEREXAMPLES);
  return {
    plays: [...sampled, ...counterexamples.map(({ played }) => played)],
    counterexamples,
    notes:
      left.length === 0 ? [] : [`No counterexamples were sought for ${left.join(', ')}: there are too many.`],
  };
}

interface Drawing {
  readonly seed: number;
  readonly numRuns: number;
}

/** The values that a property of this seed is tried with, without trying it. */
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
  const waiting = [...files];
  let done = 0;
  const workers = Array.from({ length: concurrency }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const played = await experiments.play(next);
      done += 1;
      const name = played?.name ?? 'generated';
      onProgress({ kind: 'played', name, done, of: files.length, spent: budget.spent });
    }
  });
  await Promise.all(workers);
}

/** What fast-check makes of the first session that breaks the requirement. */
async function shrunk(
  id: string,
  arbitrary: fc.Arbitrary<ScenarioFile>,
  experiments: Experiments,
  parameters: Drawing,
): Promise<ScenarioFile | undefined> {
  let left = parameters.numRuns + MOST_SHRINKS;
  let best: ScenarioFile | undefined;
  let suspect: ScenarioFile | undefined;
  await fc.check(
    fc.asyncProperty(arbitrary, async (file) => {
      left -= 1;
      // What is not tried counts as passed, so that the smallest that was found stays.
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

/** Takes away what shrinking leaves. */
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

/** Plays it again a few times and says how it went. */
async function reported(
  id: string,
  file: ScenarioFile,
  experiments: Experiments,
): Promise<Counterexample | undefined> {
  const name = `${id}-${nameOf(file).slice(0, 4)}`;
  let shown = await experiments.play(file);
  let failed = 0;
  for (let i = 0; i < REPEATS; i++) {
    const played = await experiments.again(file, `counterexamples/${name}`);
    if (played === undefined || experiments.violation(id, played) === undefined) continue;
    failed += 1;
    shown = played;
  }
  if (shown === undefined) return undefined;
  const occasion = experiments.violation(id, shown);
  if (occasion === undefined) return undefined;
  const played = { ...shown, name: `counterexamples/${name}` };
  const { expected, actual, events } = occasion;
  return {
    id,
    name,
    file: { ...file, summary: `Breaks ${id}` },
    played,
    result: {
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
      play: played.name,
      evidence: events,
      determinism: failed === REPEATS ? `${failed}/${REPEATS}` : `${failed}/${REPEATS} flaky`,
      diagram: diagramOf(
        played.events,
        events.map((index) => ({ index })),
      ),
    },
  };
}
