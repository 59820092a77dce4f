import type { Check, Requirement } from '../../protocol/requirement.ts';
import { settledAcross } from '../blame/across.ts';
import { settledIn } from '../blame/settle.ts';
import { conversationAt } from '../conversation/places.ts';
import type { Invariant, Occasion, Play } from './invariant.ts';
import { INVARIANTS } from '../invariants/invariants.ts';
import { describeMixture, type Mixture } from './mixtures.ts';
import { isJudged, type Seen, type Terms } from './terms.ts';
import { signsIn, withSigns } from './signs.ts';
import type { RequirementResult, Verdict } from './result.ts';

export type { Side } from '../../protocol/requirement.ts';

/**
 * The occasions of some requirements in the plays, by id; requirements that there was no time for are missing. Those on
 * which they rest are judged too, so that the consequences of a wrong message are blamed on that message, whichever
 * requirements were chosen.
 */
export function occasionsIn(
  plays: Iterable<Play>,
  ids: Iterable<string>,
  terms: Pick<Terms, 'deviations' | 'isOver'>,
  invariants: readonly Invariant[] = INVARIANTS,
): ReadonlyMap<string, readonly Seen[]> {
  const judge = judgeOf(plays, terms, invariants);
  const seen = new Map<string, readonly Seen[]>();
  for (const id of ids) {
    if (terms.isOver?.() === true) break;
    seen.set(id, judge(id));
  }
  return seen;
}

/** Returns the occasions of a requirement in the plays; requirements on which several rest are judged once. */
export function judgeOf(
  plays: Iterable<Play>,
  terms: Pick<Terms, 'deviations'>,
  invariants: readonly Invariant[],
): (id: string) => readonly Seen[] {
  const run: Play[] = [];
  for (const play of plays) run.push({ ...play, run });
  const all = run.map((play) => ({
    play,
    settled: settledIn(play, invariants, (occasion) => isAccepted(occasion, terms)),
  }));
  const signs = signsIn(all.map(({ play }) => play));
  const across = settledAcross(all);
  return (id) => {
    const settled = across(id);
    return all.flatMap(({ play }, i) =>
      (settled[i] ?? []).map((each) => seenIn(play, withSigns(each, play, signs))),
    );
  };
}

function seenIn(play: Play, occasion: Occasion): Seen {
  const [event] = occasion.events;
  const session = occasion.reading === undefined ? undefined : conversationAt(event, play)?.session;
  return { play: play.name, ...(session === undefined ? {} : { session }), occasion };
}

/** The worst first. Undecided occasions matter only if there are no others, or if they were findings. */
const ORDER = ['broken', 'doubtful', 'unproven', 'held', 'unclear'] as const;
/** Worse than what held, and better than any finding that is not accepted. */
const ACCEPTED = ORDER.indexOf('held') - 0.5;

/**
 * The result of a requirement, from all occasions on which it could have been broken. A mixture of readings that it
 * shows is a warning, whatever its level.
 */
export function resultOf(
  requirement: Requirement,
  occasions: readonly Seen[],
  terms: Terms,
  mixture?: Mixture,
): RequirementResult {
  const { id, level, side, source, statement, check } = requirement;
  const seen = occasions.filter(({ occasion }) => isJudged(occasion, terms));
  const readings = [...new Set(seen.flatMap(({ occasion }) => occasion.reading ?? []))].sort();
  const decided = seen.filter(({ occasion }) => occasion.outcome !== 'unclear');
  const brokenCount = decided.filter(({ occasion }) => !isKept(occasion, terms)).length;
  const facts = {
    id,
    level,
    side,
    exercised: decided.reduce((sum, { occasion: { count = 1 } }) => sum + count, 0),
    ...(brokenCount === 0 ? {} : { broken: brokenCount }),
    reading: readings.length === 0 ? null : readings.join('; '),
    source,
    statement,
  };
  if (check.kind === 'none') return { ...facts, verdict: 'not-applicable', reason: check.reason };
  const worst = worstOf(seen, terms);
  if (worst === undefined) {
    return { ...facts, verdict: unseenBy(check, terms), reason: notSeenReason(check.witness) };
  }
  const { occasion, play, also } = worst;
  const verdict = verdictOf(occasion, level, terms);
  if (verdict === 'pass') {
    return mixture === undefined
      ? { ...facts, verdict }
      : { ...facts, verdict: 'warn', ...describeMixture(mixture) };
  }
  const { expected, actual, events, cause } = occasion;
  return {
    ...facts,
    verdict,
    ...(cause === undefined ? {} : { cause }),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    play,
    evidence: events,
    ...(also === undefined ? {} : { also }),
  };
}

/** The reason of a requirement whose witness never occurred. */
export function notSeenReason(witness: string): string {
  return `not seen: ${witness}`;
}

/** What a missing occasion means. If both sides are judged, it is enough that one of them should have brought it about. */
function unseenBy({ unseen }: Extract<Check, { kind: 'invariant' }>, { side = 'both' }: Terms): Verdict {
  if (typeof unseen === 'string') return unseen;
  if (side !== 'both') return unseen[side];
  return Object.values(unseen).includes('not-exercised') ? 'not-exercised' : 'not-applicable';
}

/** The first of the worst occasions: an accepted deviation is less bad than any other finding. */
function worstOf(seen: readonly Seen[], terms: Terms): Seen | undefined {
  let worst: Seen | undefined;
  let rank = Infinity;
  for (const each of seen) {
    const its = isAccepted(each.occasion, terms) ? ACCEPTED : rankOf(each.occasion);
    if (its < rank) [worst, rank] = [each, its];
  }
  return worst;
}

function rankOf({ outcome, isUnproven }: Occasion): number {
  return ORDER.indexOf(isUnproven === true ? 'unproven' : outcome);
}

function isKept(occasion: Occasion, terms: Terms): boolean {
  return occasion.outcome === 'held' || isAccepted(occasion, terms);
}

function isAccepted({ deviation, outcome }: Occasion, { deviations }: Pick<Terms, 'deviations'>): boolean {
  return outcome !== 'held' && deviation !== undefined && deviations.has(deviation);
}

function verdictOf(occasion: Occasion, level: Requirement['level'], terms: Terms): Verdict {
  if (isAccepted(occasion, terms)) return 'excused';
  switch (occasion.outcome) {
    case 'held':
      return 'pass';
    case 'unclear':
      return 'inconclusive';
    case 'doubtful':
      return level === 'INFO' ? 'pass' : 'warn';
    case 'broken':
      if (level === 'INFO') return 'pass';
      return level === 'MUST' || terms.strict ? 'fail' : 'warn';
  }
}
