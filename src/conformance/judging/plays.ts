import type { Dialect } from '../../protocol/dialects.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../../protocol/editions.ts';
import { isKnownIn } from '../../protocol/edition-range.ts';
import type { Requirement } from '../../protocol/requirement.ts';
import { REQUIREMENTS } from '../../protocol/requirements.ts';
import { causesIn, type Cause } from '../causes/causes.ts';
import { explained, withCause } from '../causes/explain.ts';
import type { Named } from '../causes/sentences.ts';
import { decidedByOrder } from '../causes/in-order.ts';
import { withOneTold } from '../blame/mixed.ts';
import { onlyProven } from '../explore/unreproduced.ts';
import type { Play } from '../judge/invariant.ts';
import { withAbsence } from '../invariants/reson8/rest/absent.ts';
import { INVARIANTS } from '../invariants/invariants.ts';
import { notHeld } from '../judge/not-held.ts';
import { occasionsIn, resultOf, type Side } from '../judge/judge.ts';
import type { Seen, Terms } from '../judge/terms.ts';
import { mixturesIn, readingsIn, withTellers, type ShownReading } from '../judge/mixtures.ts';
import { conversationsIn, type RecordedPlay } from '../conversation/recorded-play.ts';
import type { RequirementResult } from '../judge/result.ts';
import type { Tolerances } from '../judge/tolerances.ts';
import { wholeRunOf } from '../judge/whole-run.ts';

const OF_RUN: ReadonlySet<string> = new Set(
  INVARIANTS.filter(({ isOfRun = false }) => isOfRun).map(({ id }) => id),
);

/** Which requirements are judged, by their ids. */
export interface Chosen {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/** The requirements of one side that concern any of the dialects, exist in the editions, and were chosen. */
export function requirementsOf(
  side: Side,
  dialects: readonly Dialect[],
  { only = [], skip = [] }: Chosen,
  editions: EditionNames = DEFAULT_EDITIONS,
): readonly Requirement[] {
  return REQUIREMENTS.filter(
    (each) =>
      (each.side === 'both' || each.side === side) &&
      each.dialects.some((dialect) => dialects.includes(dialect)) &&
      isKnownIn(each, editions) &&
      (only.length === 0 || only.includes(each.id)) &&
      !skip.includes(each.id),
  );
}

/** A play as invariants look at it. */
export function playOf(play: RecordedPlay, tolerances: Tolerances): Play {
  const { name, beganMs } = play;
  return {
    name,
    conversations: conversationsIn(play),
    tolerances,
    ...(beganMs === undefined ? {} : { beganMs }),
  };
}

/** The result of each requirement over all plays together. */
export function judgePlays(
  plays: readonly Play[],
  requirements: readonly Requirement[],
  terms: Terms,
): readonly RequirementResult[] {
  return resultsOf(plays, requirements, terms, seenIn(plays, withTellers(requirements), terms));
}

function resultsOf(
  plays: readonly Play[],
  requirements: readonly Requirement[],
  terms: Terms,
  found: ReadonlyMap<string, readonly Seen[]>,
): readonly RequirementResult[] {
  const { seen, mixtures } = withOneTold(found, mixturesIn(found, withTellers(requirements), terms));
  const durations = new Map(plays.map((play) => [play.name, durationOf(play)]));
  return requirements.map((each) => {
    const outside = notHeld(each, plays, terms);
    if (outside !== undefined) return outside;
    const all = seen.get(each.id);
    if (all === undefined) return notJudged(resultOf(each, [], terms));
    const occasions = terms.unreproduced?.has(each.id) === true ? onlyProven(all) : all;
    const names = new Set(occasions.map(({ play }) => play));
    const durationMs = [...names].reduce((sum, name) => sum + (durations.get(name) ?? 0), 0);
    const result = resultOf(each, occasions, terms, mixtures.get(each.id));
    return { ...result, ...(names.size === 0 ? {} : { durationMs }) };
  });
}

/** The reason for a result that is inconclusive because time was up. */
export const NOT_JUDGED = 'the time was up before it could be judged';

function notJudged(result: RequirementResult): RequirementResult {
  return result.verdict === 'not-applicable'
    ? result
    : { ...result, verdict: 'inconclusive', reason: NOT_JUDGED };
}

/** Requirements about the sequence of plays look at the whole run, all others at each play. */
function seenIn(
  plays: readonly Play[],
  requirements: readonly Requirement[],
  terms: Terms,
): ReadonlyMap<string, readonly Seen[]> {
  const ids = requirements.map(({ id }) => id);
  if (terms.isOver?.() === true) return new Map();
  const run = wholeRunOf(plays);
  if (run === undefined) return occasionsIn(plays, ids, terms);
  const ofPlays = ids.filter((id) => !OF_RUN.has(id));
  const ofRun = ids.filter((id) => OF_RUN.has(id));
  const seen = new Map(occasionsIn(plays, ofPlays, terms));
  for (const [id, all] of occasionsIn([run.play], ofRun, terms)) {
    seen.set(
      id,
      all.map(({ occasion }) => run.seenOf(occasion)),
    );
  }
  return seen;
}

/** From the first event to the last, in whole milliseconds. */
function durationOf({ conversations }: Play): number {
  let [first, last] = [Infinity, -Infinity];
  for (const { moments } of conversations) {
    first = Math.min(first, moments[0]?.event.atMs ?? Infinity);
    last = Math.max(last, moments.at(-1)?.event.atMs ?? -Infinity);
  }
  return last < first ? 0 : Math.round(last - first);
}

/** The result of each requirement, and the causes that apply to the whole run rather than to single requests. */
export interface Judged {
  readonly results: readonly RequirementResult[];
  readonly causes: readonly Cause[];
}

/** The same for a server. */
export interface JudgedServer extends Judged {
  /** The readings of open questions that the server has shown. */
  readonly readings: readonly ShownReading[];
}

/** The same for plays whose server is judged: it is not blamed for what is explained by a cause of the whole run. */
export function judgeServer(
  plays: readonly Play[],
  requirements: readonly Requirement[],
  terms: Terms,
  named: Named,
): JudgedServer {
  const causes = causesIn(plays, named);
  const seen = decidedByOrder(seenIn(plays, withTellers(requirements), terms), plays);
  const left = explained(seen, plays, causes);
  const byId = new Map(requirements.map((each) => [each.id, each]));
  const results = resultsOf(plays, requirements, terms, left.occasions).map((result) => {
    const requirement = byId.get(result.id);
    if (requirement === undefined) return result;
    return withAbsence(withCause(result, requirement, left, causes), plays);
  });
  return { results, causes, readings: readingsIn(left.occasions, withTellers(requirements), terms) };
}
