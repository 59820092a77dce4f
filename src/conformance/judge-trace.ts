import { vendorOf, VENDORS, type Dialect } from '../protocol/dialects.ts';
import { isKnownIn } from '../protocol/edition-range.ts';
import { editionsOf, type EditionNames } from '../protocol/editions.ts';
import { editionsGiven } from '../scenario/editions.ts';
import { ANYTHING, objectOf, refuseWrong, SWITCH, TEXT, TEXTS } from '../runtime/json/wanted-options.ts';
import { mustFit, oneOf, type Wanted } from '../runtime/json/wanted.ts';
import { REQUIREMENTS } from '../protocol/requirements.ts';
import type { Requirement } from '../protocol/requirement.ts';
import type { TraceEvent } from '../wire/trace.ts';
import { otherEdition } from './causes/other-edition.ts';
import { OF_TRACE } from './causes/sentences.ts';
import { conversationsAs, conversationsOf, type Conversation } from './conversation/conversation.ts';
import type { Play } from './judge/invariant.ts';
import type { Side } from './judge/judge.ts';
import type { Terms } from './judge/terms.ts';
import { deviationsOf, refuseUnknown } from './judging/chosen.ts';
import { judgePlays, judgeServer, type Judged } from './judging/plays.ts';
import type { Report } from './report/report.ts';
import { reportOf } from './judging/report.ts';
import type { RecordedPlay } from './conversation/recorded-play.ts';
import { TOLERANCES, TOLERANCES_WANTED, type Tolerances } from './judge/tolerances.ts';

/** Options for judging a trace. All have defaults. */
export interface JudgeOptions {
  /** The name of the trace in the report, such as the path of the file (`trace`). */
  readonly name?: string;
  /** When it was recorded, ISO 8601 (1970-01-01). */
  readonly startedAt?: string;
  /**
   * The editions by which services are judged (those named in the trace, which names none for a service that follows
   * its documents).
   */
  readonly editions?: Partial<EditionNames> | undefined;
  /** The side whose requirements are judged (both). */
  readonly side?: Side | 'both';
  /** Ids of requirements to judge (all). */
  readonly only?: readonly string[];
  /** Ids of requirements to leave out (none). */
  readonly skip?: readonly string[];
  /** Whether a SHOULD counts as a MUST (false). */
  readonly strict?: boolean;
  /** Names of deviations from the documents to accept, such as `reson8-confidence-logprob` (none). */
  readonly deviations?: readonly string[];
  /** Replaces some of the tolerances. */
  readonly tolerances?: Partial<Tolerances>;
}

const WANTED: Readonly<Record<keyof JudgeOptions, Wanted>> = {
  ...{ name: TEXT, startedAt: TEXT, editions: ANYTHING, side: oneOf(['server', 'client', 'both']) },
  ...{ only: TEXTS, skip: TEXTS, strict: SWITCH, deviations: TEXTS, tolerances: objectOf(TOLERANCES_WANTED) },
};
const EVENTS: Wanted = { what: 'a list of events, such as those of session.trace()', fits: Array.isArray };

/** A judged trace. */
export interface JudgedTrace {
  /** Verdict and evidence for each requirement. */
  readonly report: Report;
  /** The one play that `play` and `evidence` of a result refer to. */
  readonly plays: readonly RecordedPlay[];
}

/**
 * Judges a recording from any source. Pure: the same events give the same report. Only requirements of the dialects
 * that occur in the trace are judged. Never throws because of the contents of the trace; ids of requirements that
 * it does not concern match nothing.
 *
 * @throws UserError for an unknown edition, unknown ids, names of deviations and options, and values of another kind
 */
export function judgeTrace(events: readonly TraceEvent[], options: JudgeOptions = {}): JudgedTrace {
  mustFit('judgeTrace()', events, EVENTS);
  refuseWrong('judgeTrace()', options, WANTED);
  refuseUnknown('judgeTrace()', options);
  const { name = 'trace', side = 'both', strict = false } = options;
  const tolerances = { ...TOLERANCES, ...options.tolerances };
  const { editions } = options;
  if (editions !== undefined) editionsGiven(editions);
  const conversations = editions === undefined ? conversationsOf(events) : conversationsAs(events, editions);
  const play = { name, conversations, tolerances };
  const dialects = new Set(conversations.flatMap(({ dialect }) => dialect ?? []));
  const requirements = REQUIREMENTS.filter(
    (each) => isChosen(each, dialects, options) && isKnown(each, conversations),
  );
  const terms = { strict, deviations: new Set(deviationsOf(options.deviations)), side };
  const { results, causes } = judged([play], requirements, terms);
  const plays = [{ name, events }];
  const report = reportOf({
    subject: {
      kind: 'trace',
      dialect: [...dialects].sort().join(', '),
      ...editionField(conversations),
      target: name,
    },
    ...{ seed: 0, profile: 'trace', results, plays, views: [play], tolerances, strict },
    startedAt: options.startedAt ?? '1970-01-01T00:00:00.000Z',
    durationMs: events.reduce((most, { atMs }) => Math.max(most, atMs), 0),
    causes: [...causes.map(({ sentence }) => sentence), ...(side === 'client' ? [] : otherEdition([play]))],
    notes: notesOn(play.conversations),
  });
  return { plays, report };
}

/** A server is not blamed for what a cause of the whole trace explains. A client is always judged by what it did. */
function judged(plays: readonly Play[], requirements: readonly Requirement[], terms: Terms): Judged {
  const { side } = terms;
  if (side === 'client') return { results: judgePlays(plays, requirements, terms), causes: [] };
  const ofClient = requirements.filter((each) => each.side === 'client');
  const ofServer = requirements.filter((each) => each.side !== 'client');
  const { results, causes } = judgeServer(plays, ofServer, terms, OF_TRACE);
  const all = [...results, ...(ofClient.length === 0 ? [] : judgePlays(plays, ofClient, terms))];
  const byId = new Map(all.map((result) => [result.id, result]));
  return { results: requirements.flatMap(({ id }) => byId.get(id) ?? []), causes };
}

function isChosen(
  { id, side, dialects }: Requirement,
  present: ReadonlySet<Dialect>,
  { side: judged = 'both', only = [], skip = [] }: JudgeOptions,
): boolean {
  return (
    (side === 'both' || judged === 'both' || side === judged) &&
    dialects.some((each) => present.has(each)) &&
    (only.length === 0 || only.includes(id)) &&
    !skip.includes(id)
  );
}

/** Whether any edition that occurs has it. */
function isKnown(requirement: Requirement, conversations: readonly Conversation[]): boolean {
  if (requirement.editions === undefined) return true;
  return conversations.some(
    ({ dialect, editions }) =>
      dialect !== undefined && requirement.dialects.includes(dialect) && isKnownIn(requirement, editions),
  );
}

/** The editions that occur; none if all are the default ones. */
function editionField(conversations: readonly Conversation[]): { readonly edition?: string } {
  const found = new Set(
    conversations.flatMap(({ dialect, editions }) =>
      dialect === undefined ? [] : editions[vendorOf(dialect)],
    ),
  );
  return [...found].every((name) => DEFAULT_NAMES.has(name)) ? {} : { edition: [...found].sort().join(', ') };
}

const DEFAULT_NAMES: ReadonlySet<string> = new Set(
  VENDORS.flatMap((service) => editionsOf(service)[0] ?? []),
);

/** The maximum number of sessions that are named as not judged. */
const MOST_NAMED = 20;

function notesOn(conversations: readonly Conversation[]): readonly string[] {
  const notJudged = conversations.filter(({ dialect }) => dialect === undefined);
  const notes = notJudged.slice(0, MOST_NAMED).map(({ session, path }) => {
    return `${session} was not judged: ${path === '' ? 'it has no request' : `${path} is no path of a known service`}.`;
  });
  const more = notJudged.length - notes.length;
  return more === 0 ? notes : [...notes, `${more} more sessions were not judged for such reasons.`];
}
