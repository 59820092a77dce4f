import type { RequirementId } from '../../protocol/requirements.ts';
import type { Endpoint } from '../../protocol/scriptix/rest.ts';
import { isFinding } from '../blame/across.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import type { Requirement } from '../../protocol/requirement.ts';
import { conversationAt } from '../conversation/places.ts';
import type { Play } from '../judge/invariant.ts';
import type { Seen } from '../judge/terms.ts';
import type { RequirementResult } from '../judge/result.ts';
import { attemptsOf, isTrusted, type Attempt } from './attempts.ts';
import type { Cause } from './causes.ts';
import { dialectAt, isCall, type Place } from './fate.ts';

/** The requirements on the paths of calls, which a 404 breaks. */
const OF_CALL: Readonly<Record<Endpoint, RequirementId>> = {
  initialize: 'SX-REST-001',
  status: 'SX-REST-002',
};
const pathRequirementOf = (place: Place) => (isCall(place) ? OF_CALL[place] : RUNNER_DIALECTS[place].atPath);
/** A requirement that the other path is also served, which a server may do for one path only. */
const OF_OTHER_PATH: RequirementId = 'SX-CONN-022';
/** Requirements about admission. They are not judged by refusals for other reasons. */
const OF_ADMISSION =
  /^(?:SX-CONN-0(?:0[2-8]|1[0-7])|SX-STR-\d+|SX-STATE-006|SX-REST-0(?:0[12]|10|12|14|18|19|2[01])|R8-CONN-001|R8-TURN-0(?:0[12]|17)|R8-AUTH-\d+|R8-QRY-\d+)$/;

/** Requirements about admission and refusal together: without refusals, only what is wrong was seen. */
const OF_BOTH: readonly string[] = ['R8-TURN-002'] satisfies readonly RequirementId[];

/** The occasions that remain, and the requirements that lost some, with the reason. */
export interface Explained {
  readonly occasions: ReadonlyMap<string, readonly Seen[]>;
  readonly lost: ReadonlyMap<string, Cause | string>;
  /** The places where anything was requested. */
  readonly asked: ReadonlySet<string>;
}

interface Reason {
  readonly cause: Cause | string;
  readonly isPath: boolean;
  readonly place: Place;
  /** Requests that were accepted and cut off later: what is missing is not the server's answer. */
  readonly isCut: boolean;
  /** Requests accepted with a token that was meant to be refused, through no fault of the server. */
  readonly isKnown: boolean;
  /** Answers that are a page of another site, and so not from the service. */
  readonly isPage: boolean;
  /** Only this request is affected, not every request at the place. */
  readonly isAlone: boolean;
}

/**
 * Removes occasions that say nothing about their requirement, because of a cause of the whole run or a missing path.
 */
export function explained(
  found: ReadonlyMap<string, readonly Seen[]>,
  plays: readonly Play[],
  causes: readonly Cause[],
): Explained {
  const reasons = reasonsIn(plays, causes);
  const lost = new Map<string, Cause | string>();
  const asked = new Set(attemptsOf(plays).map(({ place }) => dialectAt(place)));
  if (reasons.size === 0) return { occasions: found, lost, asked };
  const byName = new Map(plays.map((play) => [play.name, play]));
  const occasions = new Map<string, readonly Seen[]>();
  for (const [id, seen] of found) {
    const kept = seen.filter(({ play, occasion }) => {
      if (occasion.by === 'client') return true;
      const where = byName.get(play);
      for (const index of occasion.events) {
        const session = where && conversationAt(index, where)?.session;
        const reason = session === undefined ? undefined : reasons.get(keyOf(play, session));
        if (reason === undefined || !isTakenAway(id, occasion.outcome, reason)) continue;
        lost.set(id, reason.cause);
        return false;
      }
      return true;
    });
    const isHalved = OF_BOTH.includes(id) && isOfKnown(lost.get(id));
    occasions.set(id, isHalved ? kept.filter(({ occasion }) => isFinding(occasion)) : kept);
  }
  for (const [id, kept] of occasions) {
    const left = kept.filter(({ occasion: { cause } }) => {
      const isTold =
        cause === undefined || (occasions.get(cause) ?? []).some(({ occasion }) => isFinding(occasion));
      const reason = cause === undefined ? undefined : lost.get(cause);
      if (isTold || reason === undefined) return true;
      // The finding that it follows from shows only the reason.
      lost.set(id, reason);
      return false;
    });
    occasions.set(id, left);
  }
  return { occasions, lost, asked };
}

/** Whether the credential that was to be refused is accepted through no fault of the server. */
function isOfKnown(cause: Cause | string | undefined): boolean {
  return typeof cause === 'object' && cause.credential === 'invalid';
}

function isTakenAway(id: string, outcome: Seen['occasion']['outcome'], reason: Reason): boolean {
  if (reason.isPage) return true;
  if (reason.isKnown) return outcome !== 'held' || OF_ADMISSION.test(id);
  if (reason.isCut) return outcome !== 'held';
  if (reason.isPath)
    return id !== pathRequirementOf(reason.place) && !(reason.isAlone && id === OF_OTHER_PATH);
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
      reasons.set(key, {
        cause,
        place,
        isPath: false,
        isCut: false,
        isKnown: false,
        isPage: false,
        isAlone: false,
        ...more,
      });
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
    // A client that must be refused may get a 404, which counts as a refusal here.
    if (credential !== undefined && !isTrusted(each)) continue;
    add(each, `${fate.told} says that there is nothing at that path`, { isPath: true, isAlone: true });
  }
  return reasons;
}

/** Gives requirements that were not exercised the reason, if the whole run has one. */
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

/** Whether few requirements need this credential. */
function isOfFew(credential: Cause['credential']): boolean {
  return credential === 'user' || credential === 'invalid';
}

/** Requirements that only an answer of initialize shows. */
const OF_INITIALIZE: readonly string[] = [
  'SX-REST-005',
  'SX-REST-006',
  'SX-REST-019',
  'SX-REST-020',
] satisfies readonly RequirementId[];

/** If no one is accepted at any of the places that a requirement is about, it cannot be observed. */
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
