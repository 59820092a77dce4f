import type { RequirementId } from '../../protocol/requirements.ts';
import type { Endpoint } from '../../protocol/scriptix/rest.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import type { Requirement } from '../../protocol/requirement.ts';
import type { Play } from '../judge/invariant.ts';
import type { Seen } from '../judge/terms.ts';
import type { RequirementResult } from '../judge/result.ts';
import { attemptsOf, isTrusted, type Attempt } from './attempts.ts';
import type { Cause } from './causes.ts';
import { dialectAt, isCall, type Place } from './fate.ts';

/** What the requirements on a path are: what a 404 breaks, and all that it breaks. */
const OF_CALL: Readonly<Record<Endpoint, RequirementId>> = {
  initialize: 'SX-REST-001',
  status: 'SX-REST-002',
};
const pathRequirementOf = (place: Place) => (isCall(place) ? OF_CALL[place] : RUNNER_DIALECTS[place].atPath);
/** Whether one is let in, and what for: of another reason for a refusal they are not about. */
const OF_ADMISSION =
  /^(?:SX-CONN-0(?:0[2-8]|1[0-7])|SX-STR-\d+|SX-STATE-006|SX-REST-0(?:0[12]|10|12|14|18|19|2[01])|R8-CONN-001|R8-AUTH-\d+|R8-QRY-\d+)$/;

/** What is left of the occasions that were seen, and which requirements lost some, with the reason. */
export interface Explained {
  readonly occasions: ReadonlyMap<string, readonly Seen[]>;
  readonly lost: ReadonlyMap<string, Cause | string>;
  /** Where anything was asked for. */
  readonly asked: ReadonlySet<string>;
}

interface Reason {
  readonly cause: Cause | string;
  readonly isPath: boolean;
  readonly place: Place;
  /** It was let in, and cut off later: what it lacks is not the server's answer to it. */
  readonly isCut: boolean;
  /** It was let in with a token that shall be refused, and not by a fault of the server. */
  readonly isKnown: boolean;
  /** The answer is a page of another site: nothing in it is the service's. */
  readonly isPage: boolean;
}

/** Takes away what says nothing about its requirement, because of a cause of the whole run or a path that is not there. */
export function explained(
  found: ReadonlyMap<string, readonly Seen[]>,
  plays: readonly Play[],
  causes: readonly Cause[],
): Explained {
  const reasons = reasonsIn(plays, causes);
  const lost = new Map<string, Cause | string>();
  const asked = new Set(attemptsOf(plays).map(({ place }) => dialectAt(place)));
  if (reasons.size === 0) return { occasions: found, lost, asked };
  const sessions = new Map(plays.map((play) => [play.name, sessionsOf(play)]));
  const occasions = new Map<string, readonly Seen[]>();
  for (const [id, seen] of found) {
    const kept = seen.filter(({ play, occasion }) => {
      if (occasion.by === 'client') return true;
      for (const index of occasion.events) {
        const session = sessions.get(play)?.get(index);
        const reason = session === undefined ? undefined : reasons.get(keyOf(play, session));
        if (reason === undefined || !isTakenAway(id, occasion.outcome, reason)) continue;
        lost.set(id, reason.cause);
        return false;
      }
      return true;
    });
    occasions.set(id, kept);
  }
  return { occasions, lost, asked };
}

function isTakenAway(id: string, outcome: Seen['occasion']['outcome'], reason: Reason): boolean {
  if (reason.isPage) return true;
  if (reason.isKnown) return outcome !== 'held' || OF_ADMISSION.test(id);
  if (reason.isCut) return outcome !== 'held';
  if (reason.isPath) return id !== pathRequirementOf(reason.place);
  return OF_ADMISSION.test(id);
}

function keyOf(play: string, session: string): string {
  return `${play}\n${session}`;
}

function reasonsIn(plays: readonly Play[], causes: readonly Cause[]): ReadonlyMap<string, Reason> {
  const reasons = new Map<string, Reason>();
  const add = ({ play, conversation, place }: Attempt, cause: Cause | string, more: Partial<Reason>) => {
    const key = keyOf(play.name, conversation.session);
    if (!reasons.has(key))
      reasons.set(key, { cause, place, isPath: false, isCut: false, isKnown: false, isPage: false, ...more });
  };
  for (const cause of causes) {
    const more = {
      isPath: cause.isTotal && cause.why === 'path',
      isPage: cause.why === 'page',
      isKnown: cause.credential === 'invalid',
    };
    for (const each of cause.refused) add(each, cause, more);
    for (const each of cause.cut) add(each, cause, { isCut: true });
  }
  for (const each of attemptsOf(plays)) {
    const { fate, credential, isInOrder } = each;
    if (fate.kind !== 'refused' || fate.why !== 'path' || !isInOrder) continue;
    // Who shall be refused may be told that there is nothing: that is judged as the refusal that it is.
    if (credential !== undefined && !isTrusted(each)) continue;
    add(each, `${fate.told} says that there is nothing at that path`, { isPath: true });
  }
  return reasons;
}

function sessionsOf({ conversations }: Play): ReadonlyMap<number, string> {
  return new Map(
    conversations.flatMap(({ session, moments }) => moments.map(({ index }) => [index, session] as const)),
  );
}

/** Says why a requirement was not come to, where the whole run has a reason for it. */
export function withCause(
  result: RequirementResult,
  requirement: Requirement,
  { lost, asked }: Explained,
  causes: readonly Cause[],
): RequirementResult {
  if (result.verdict !== 'not-exercised') return result;
  const own = lost.get(result.id) ?? causeOf(requirement, causes, asked);
  if (own !== undefined) return { ...result, reason: typeof own === 'string' ? own : own.sentence };
  const { reason } = result;
  const partly = causes.find(
    ({ place, credential }) => !isOfFew(credential) && isAbout(requirement, dialectAt(place), place),
  );
  return partly === undefined || reason === undefined
    ? result
    : { ...result, reason: `${reason}. ${partly.sentence}` };
}

/** Whether few requirements need it. */
function isOfFew(credential: Cause['credential']): boolean {
  return credential === 'user' || credential === 'invalid';
}

/** What only an answer of initialize shows. */
const OF_INITIALIZE: readonly string[] = [
  'SX-REST-005',
  'SX-REST-006',
  'SX-REST-019',
  'SX-REST-020',
] satisfies readonly RequirementId[];

/** Where nobody is let in at any of the places that it is about, nothing of it can be seen. */
function causeOf(
  requirement: Requirement,
  causes: readonly Cause[],
  asked: ReadonlySet<string>,
): Cause | undefined {
  const general = causes.filter(({ credential }) => !isOfFew(credential));
  const found = requirement.dialects
    .filter((dialect) => asked.has(dialect))
    .map((dialect) => general.find(({ place }) => isAbout(requirement, dialect, place)));
  return found.includes(undefined) ? undefined : found[0];
}

function isAbout({ id, dialects }: Requirement, dialect: Dialect, place: Place): boolean {
  if (dialectAt(place) !== dialect || !dialects.includes(dialect)) return false;
  return place !== 'initialize' || OF_INITIALIZE.includes(id);
}
