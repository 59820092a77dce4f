import { DIALECTS, DIALECT_NAMES, VENDORS, isSocket, mainSocketOf } from '../../protocol/dialects.ts';
import { OF_SERVICE } from '../invariants/shared/ending.ts';
import type { TraceContext } from '../../wire/trace.ts';
import { attemptsOf, isTrusted, type Attempt } from './attempts.ts';
import { knownTokensIn } from './known-token.ts';
import { dialectAt, isCall, type Fate, type Place, type Why } from './fate.ts';
import type { Play } from '../judge/invariant.ts';
import { sentenceOf, sentenceOfKnown, urlOf, type Named, type SentenceParts } from './sentences.ts';
import { grouped } from '../../runtime/grouped.ts';

/**
 * A reason that applies to the whole run, or to everything after some moment, rather than to a single request: a
 * credential that is refused everywhere, a path with nothing behind it, a service that is down.
 */
export interface Cause {
  readonly why: Why;
  readonly place: Place;
  /** In one sentence. */
  readonly sentence: string;
  /** Requests that show only this cause. */
  readonly refused: readonly Attempt[];
  /** Connections that were in use when it began and were cut off by it. */
  readonly cut: readonly Attempt[];
  /** Whether nothing was ever accepted there. */
  readonly isTotal: boolean;
  /** Set if the cause concerns one credential of several, so that others may be accepted. */
  readonly credential: TraceContext['credential'];
}

/** A cause that has not been put into a sentence yet. */
type CauseFound = Omit<Cause, 'sentence'> & { readonly told: SentenceParts };

type Refused = Attempt & { readonly fate: Extract<Fate, { kind: 'refused' }> };

/** The order in which causes are reported: what a run begins with comes first. */
const PLACES: readonly Place[] = [
  ...new Set<Place>([
    ...VENDORS.map(mainSocketOf),
    ...DIALECT_NAMES.filter(isSocket),
    'status',
    'initialize',
  ]),
];
/** Reasons that concern the requester; all others affect everyone. */
const PERSONAL: readonly Why[] = ['credential', 'other'];
/** A connection that ends within this time before others are refused was cut off for the same reason. */
const CUT_WITHIN_MS = 2000;

/** The causes that the requests of a run show together, the most important first. Pure. */
export function causesIn(plays: readonly Play[], named: Named): readonly Cause[] {
  const attempts = attemptsOf(plays);
  const found = PLACES.flatMap((place) => causesAt(place, attempts, named));
  const all = [...found, ...inBandOf(found, attempts)].sort((a, b) => rankOf(a) - rankOf(b));
  return [
    ...all.map((cause) => ({ ...cause, sentence: sentenceOf(sameOf(cause, all, named), named) })),
    ...knownIn(attempts, named),
  ];
}

/** A token meant to be refused that the service accepts: its requests show nothing. */
function knownIn(attempts: readonly Attempt[], named: Named): readonly Cause[] {
  const known = knownTokensIn(attempts);
  const sentence = sentenceOfKnown(
    known.flatMap(({ given, madeUp }) => [given, madeUp].flatMap(([first]) => first ?? [])),
    named,
  );
  return known.flatMap(({ given, madeUp }) => {
    const [first] = given;
    const about = { why: 'credential', credential: 'invalid', isTotal: true, cut: [] } as const;
    return first === undefined
      ? []
      : [{ ...about, place: first.place, sentence, refused: [...given, ...madeUp] }];
  });
}

/** The same reason at several places, for a credential or an origin, is reported in one sentence. */
function sameOf(
  { told, why }: CauseFound,
  all: readonly CauseFound[],
  named: Named,
): readonly SentenceParts[] {
  if (!told.isTotal || !(why === 'credential' || OF_ORIGIN.includes(why))) return [told];
  const isSame = (each: SentenceParts) =>
    why === 'credential' ? each.name === told.name : urlOf(each.place, named) === urlOf(told.place, named);
  const same = all.filter((each) => each.told.isTotal && each.why === why && isSame(each.told));
  return [...new Set(same.map((each) => each.told))];
}

/** The answers that a wrong origin gives. */
const OF_ORIGIN: readonly Why[] = ['path', 'page', 'moved', 'unreachable', 'other'];

/** Importance: the requester's own sockets before the calls, and the whole run before a part of it. */
function rankOf({ place, isTotal, credential }: CauseFound): number {
  const isOfOne = credential === 'user' || (credential === 'admin' && place === 'initialize');
  return PLACES.indexOf(place) + (isTotal ? 0 : 10) + (isOfOne ? 20 : 0);
}

function causesAt(place: Place, attempts: readonly Attempt[], named: Named): readonly CauseFound[] {
  const here = attempts.filter((each) => each.place === place);
  const trusted = here.filter((each) => isTrusted(each) && each.isInOrder);
  const groups = grouped(trusted, ({ credential }) => named.credentialOf(credential));
  const causes = [...groups].flatMap(([name, own]) => {
    const telling = withoutBrief(own);
    const found = totalIn(telling) ?? halfwayIn(telling);
    if (found === undefined) return [];
    const { first, after } = found;
    const { why } = first.fate;
    // A requester that lacks a right is still known, and may be allowed to make other calls.
    if (isKnownAt(place, first, attempts, named)) return [];
    const isOwn = (each: Attempt) => isTrusted(each) && named.credentialOf(each.credential) === name;
    const isLate = (each: Attempt) => each.askedMs >= found.sinceMs;
    const refused = here.filter(
      (each) =>
        each.fate.kind === 'refused' &&
        isLate(each) &&
        // A server that accepts no one shows nothing by refusing others too.
        (isOwn(each) || (each.fate.why === why && (!PERSONAL.includes(why) || isStranger(each, found)))),
    );
    const cut =
      found.isTotal || PERSONAL.includes(why) || why === 'busy'
        ? []
        : here.filter((each) => isCut(each, first));
    return [
      {
        why,
        place,
        refused,
        cut,
        isTotal: found.isTotal,
        credential: PERSONAL.includes(why) ? first.credential : undefined,
        told: { place, name, first, count: after.length, isTotal: found.isTotal },
      },
    ];
  });
  return withoutRepeated(causes);
}

/** A cause that affects everyone is reported once, not for each credential. */
function withoutRepeated(causes: readonly CauseFound[]): readonly CauseFound[] {
  return causes.filter(
    ({ why }, i) => PERSONAL.includes(why) || causes.findIndex((each) => each.why === why) === i,
  );
}

function isStranger({ credential }: Attempt, { isTotal }: Found): boolean {
  return isTotal && (credential === 'missing' || credential === 'invalid');
}

interface Found {
  readonly first: Refused;
  readonly after: readonly Refused[];
  readonly isTotal: boolean;
  /** When it began, in milliseconds of the run. */
  readonly sinceMs: number;
}

/** The reason if nothing was ever accepted. */
function totalIn(attempts: readonly Attempt[]): Found | undefined {
  if (attempts.some(({ fate }) => fate.kind === 'accepted')) return undefined;
  const after = attempts.filter(isRefused);
  const first = after.find(({ place, fate }) => !isFetched(place) || isTelling(fate));
  if (first === undefined) return undefined;
  // An answered upgrade is not a refusal, even if nothing was sent after it.
  if (OF_UPGRADES.test(first.fate.told) && attempts.some(isUpgraded)) return undefined;
  // Streams are also refused in-band because of their source, so a single reason must fit all of them.
  const isMixed = isFetched(first.place) && after.some(({ fate }) => fate.why !== first.fate.why);
  return isMixed ? undefined : { first, after, isTotal: true, sinceMs: -Infinity };
}

/**
 * Without connections that the client left immediately: they do not show that the credential was accepted if others
 * like them were refused later.
 */
function withoutBrief(attempts: readonly Attempt[]): readonly Attempt[] {
  const isInBand = ({ fate }: Attempt): boolean =>
    fate.kind === 'refused' && fate.why === 'credential' && !OF_UPGRADES.test(fate.told);
  const refused = new Set(attempts.filter(isInBand).map(({ shape }) => shape));
  const isUnknown = ({ fate, shape }: Attempt): boolean =>
    fate.kind === 'accepted' && fate.isBrief === true && refused.has(shape);
  return attempts.filter((each) => !isUnknown(each));
}

function isFetched(place: Place): boolean {
  return DIALECTS[dialectAt(place)].audio === 'fetched';
}

/** Refusals of the upgrade itself rather than in a message after it. */
const OF_UPGRADES = /^(?:HTTP|no )/;

function isUpgraded({ fate, conversation }: Attempt): boolean {
  return fate.kind === 'open' && conversation.response?.event.status === 101;
}

function isTelling({ why, told }: Refused['fate']): boolean {
  return why !== 'other' || told.startsWith('HTTP');
}

/**
 * The reason if requests were accepted, and from some moment on none was, although the same requests had been accepted
 * before.
 */
function halfwayIn(attempts: readonly Attempt[]): Found | undefined {
  const last = attempts.findLast(({ fate }) => fate.kind === 'accepted');
  if (last === undefined) return undefined;
  const sinceMs = last.askedMs - AT_ONCE_MS;
  const after = attempts.filter(isRefused).filter(({ askedMs }) => askedMs > sinceMs);
  const shapes = new Set(attempts.filter(({ fate }) => fate.kind === 'accepted').map(({ shape }) => shape));
  const control = after.find(
    ({ shape, fate, askedMs }) => askedMs > last.askedMs && shapes.has(shape) && LASTING.includes(fate.why),
  );
  const first = after.find(({ fate }) => fate.why === control?.fate.why);
  return first === undefined ? undefined : { first, after, isTotal: false, sinceMs };
}

/** The order of answers to simultaneous requests is unknown. */
const AT_ONCE_MS = 500;
/** Reasons that can begin in the middle of a run. */
const LASTING: readonly Why[] = ['credential', 'busy', 'service', 'unreachable', 'path'];

function isRefused(attempt: Attempt): attempt is Refused {
  return attempt.fate.kind === 'refused';
}

function isCut({ fate, conversation, endedMs, askedMs }: Attempt, first: Attempt): boolean {
  const { end, serverClose } = conversation;
  const isThere = askedMs <= first.askedMs && endedMs >= first.askedMs - CUT_WITHIN_MS;
  if (fate.kind === 'refused' || !isThere) return false;
  const isAbrupt = end?.event.by === 'server' && (end.event.how === 'fin' || end.event.how === 'reset');
  return isAbrupt || OF_SERVICE.includes(serverClose?.event.code);
}

/** Whether the REST API knows a key that one call refuses: the other call accepts it, or says that it lacks a right. */
function isKnownAt(place: Place, first: Refused, attempts: readonly Attempt[], named: Named): boolean {
  if (first.credential !== 'user' || !isCall(place)) return false;
  return attempts.some(({ place: other, credential, fate }) => {
    const isSame = named.credentialOf(credential) === named.credentialOf('user');
    if (!isSame || !isCall(other)) return false;
    return fate.kind === 'accepted' || (fate.kind === 'refused' && fate.told === 'HTTP 403');
  });
}

/**
 * If a credential is refused or the service does not start, a socket that accepts no one may say so in unknown words,
 * so its refusals have that cause too.
 */
function inBandOf(causes: readonly CauseFound[], attempts: readonly Attempt[]): readonly CauseFound[] {
  return PLACES.flatMap((place) => {
    if (causes.some((each) => each.place === place)) return [];
    const here = attempts.filter((each) => each.place === place && isTrusted(each) && each.isInOrder);
    const refused = here.filter(isRefused);
    if (refused.length === 0 || here.some(({ fate }) => fate.kind === 'accepted')) return [];
    const root = causes.find(
      ({ why, isTotal, place: other }) =>
        isTotal && (why === 'credential' || (why === 'service' && other === 'initialize')),
    );
    return root === undefined ? [] : [{ ...root, place, refused, cut: [], isTotal: true }];
  });
}
