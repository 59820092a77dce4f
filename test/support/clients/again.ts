import { SUITES } from '../../../src/conformance/client/suites/suites.ts';
import type { RecordedPlay } from '../../../src/conformance/conversation/recorded-play.ts';
import { judgeClient, type ClientRecord } from '../../../src/conformance/judging/client.ts';
import { occasionsIn } from '../../../src/conformance/judge/judge.ts';
import { judgePlays, playOf, requirementsOf } from '../../../src/conformance/judging/plays.ts';
import type { RequirementResult } from '../../../src/conformance/judge/result.ts';
import { stallsIn } from '../../../src/conformance/judge/stalls-in-play.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import type { ClientRun } from '../../../src/conformance/run-client.ts';
import type { Dialect } from '../../../src/protocol/dialects.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../../../src/protocol/editions.ts';

/** How often a recording is made again that leaves something open. */
const MOST_AGAIN = 3;

/** A client that is judged with a suite, and how its scenarios are played. */
export interface Judged {
  readonly dialect: Dialect;
  readonly editions?: Partial<EditionNames>;
  /** Requirements that this client never exercises, although the suite is for them. */
  readonly never?: readonly string[];
  /** Whether it has to exercise in each scenario by itself what the suite plays that for. */
  readonly isEachAlone?: boolean;
  /** Plays these scenarios (by default all) with nothing beside them. */
  readonly play: (scenarios: readonly string[]) => Promise<ClientRun>;
}

/**
 * A recording, made again as long as it leaves something open, but not for ever: on a very busy machine, the runner stands
 * still just when it matters, a client gives up a service that does not answer, and messages cross.
 *
 * @param again makes it again; undefined if it is decided
 */
export async function untilDecided<Run>(
  run: Run,
  again: (run: Run) => Promise<Run> | undefined,
): Promise<Run> {
  let last = run;
  for (let count = 0; count < MOST_AGAIN; count++) {
    const next = again(last);
    if (next === undefined) break;
    last = await next;
  }
  return last;
}

/** The run of a correct client, of which the plays are made again that a busy machine has spoilt. A finding stays. */
export function withoutDelays(run: ClientRun, client: Judged): Promise<ClientRun> {
  return untilDecided(run, (last) => {
    const spoilt = spoiltIn(last, client);
    return spoilt.length === 0 ? undefined : client.play(spoilt).then((more) => joined(last, more, client));
  });
}

/** The plays of a correct client that do not show that it is correct; none if anything is found to be wrong. */
export function spoiltIn(
  { report, plays }: ClientRun,
  { dialect, editions, never = [], isEachAlone = false }: Judged,
): readonly string[] {
  if (report.requirements.some(({ verdict }) => verdict === 'fail' || verdict === 'warn')) return [];
  const { trials, beyond } = SUITES[dialect];
  const others: readonly string[] = [...beyond.map(({ id }) => id), ...never];
  const undecided = report.requirements.filter(
    ({ id, verdict }) => verdict === 'inconclusive' && !others.includes(id),
  );
  return plays.flatMap((play) => {
    const results = isEachAlone ? resultsOf([play], dialect, false, editions) : report.requirements;
    const held = new Set(results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id));
    const own: readonly string[] = trials.find(({ name }) => name === play.name)?.ids ?? [];
    const isExercised = own.every((id) => held.has(id) || never.includes(id));
    const isUndecided = undecided.some((each) => each.play === play.name);
    return isExercised && !isUndecided && hasEnded(play) ? [] : [play.name];
  });
}

function hasEnded(play: ClientRun['plays'][number]): boolean {
  return !('outcome' in play) || play.outcome.kind !== 'timeout';
}

/** A run in which some plays are replaced, judged as a whole. */
function joined(run: ClientRun, more: ClientRun, { dialect, editions }: Judged): ClientRun {
  const plays = run.plays.map((play) => more.plays.find(({ name }) => name === play.name) ?? play);
  return { plays, report: judgeClient(recordOf(dialect, plays, editions)).report };
}

/** The record of a run in which a client was played. */
export function recordOf(
  dialect: Dialect,
  plays: readonly RecordedPlay[],
  given: Partial<EditionNames> = {},
): ClientRecord {
  const editions = { ...DEFAULT_EDITIONS, ...given };
  return {
    ...{ dialect, editions, target: 'node client.mjs', seed: 1, profile: 'full' },
    ...{ startedAt: '2026-01-31T12:00:00.000Z', durationMs: 1000, chosen: { only: [], skip: [] } },
    ...{ strict: false, deviations: [], baseline: [], tolerances: TOLERANCES },
    plays: plays.map(({ name, events }) => ({ name, events, words: '' })),
    about: {
      ...{ dialect, editions, isAttached: false, timeoutMs: 30_000 },
      handed: { token: 'redacted-1', spellings: [] },
    },
    again: { before: {}, after: {}, scenarios: [], tail: [] },
    troubles: { notes: [], isCutShort: false, isOurs: false },
    ...{ cutShort: [], notes: [] },
  };
}

/**
 * Whether plays leave open what happened on an occasion for a requirement: also if it was met on another one, so that the
 * result is a pass.
 */
export function isOpenIn(plays: readonly RecordedPlay[], id: string): boolean {
  const seen = occasionsIn(
    plays.map((each) => playOf(each, TOLERANCES)),
    [id],
    { deviations: new Set() },
  );
  return seen.get(id)?.some(({ occasion }) => occasion.outcome === 'unclear') === true;
}

/**
 * Whether the runner, and with it its fake, stood still in a play. A client then meets what the scenario does not say, such
 * as a service that is silent until the client leaves, and its mistake may have no occasion.
 */
export function haveStalls(plays: readonly RecordedPlay[]): boolean {
  return plays.some((each) => stallsIn(playOf(each, TOLERANCES)).length > 0);
}

/** The results of plays. */
export function resultsOf(
  plays: readonly RecordedPlay[],
  dialect: Dialect,
  strict = false,
  given: Partial<EditionNames> = {},
): readonly RequirementResult[] {
  const editions = { ...DEFAULT_EDITIONS, ...given };
  const terms = { strict, deviations: new Set<string>(), side: 'client' as const, editions };
  return judgePlays(
    plays.map((each) => playOf(each, TOLERANCES)),
    requirementsOf('client', [dialect], {}, editions),
    terms,
  );
}
