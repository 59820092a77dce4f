import type { Dialect } from '../protocol/dialects.ts';
import { REQUIREMENTS } from '../protocol/requirements.ts';
import type { Requirement } from '../protocol/requirement.ts';
import type { TraceEvent } from '../wire/trace.ts';
import { OF_TRACE } from './causes/sentences.ts';
import { conversationsOf, type Conversation } from './conversation/conversation.ts';
import type { Play } from './judge/invariant.ts';
import type { Side } from './judge/judge.ts';
import type { Terms } from './judge/terms.ts';
import { judgePlays, judgeServer, type Judged } from './judge-plays.ts';
import type { Report } from './report/report.ts';
import { reportOf } from './run-report.ts';
import type { RecordedPlay } from './conversation/recorded-play.ts';
import { TOLERANCES, type Tolerances } from './judge/tolerances.ts';

export interface JudgeOptions {
  /** What reports call it: the path of the file. */
  readonly name?: string;
  /** When it was recorded, ISO 8601. */
  readonly startedAt?: string;
  /** Whose requirements are judged (both). */
  readonly side?: Side | 'both';
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly strict?: boolean;
  readonly deviations?: readonly string[];
  readonly tolerances?: Partial<Tolerances>;
}

export interface JudgedTrace {
  readonly report: Report;
  readonly plays: readonly RecordedPlay[];
}

/**
 * Judges what was recorded, whoever recorded it. Pure: the same events give the same report. Only requirements of the
 * dialects that are in the trace are looked at.
 */
export function judgeTrace(events: readonly TraceEvent[], options: JudgeOptions = {}): JudgedTrace {
  const { name = 'trace', side = 'both', strict = false } = options;
  const tolerances = { ...TOLERANCES, ...options.tolerances };
  const play = { name, conversations: conversationsOf(events), tolerances };
  const dialects = new Set(play.conversations.flatMap(({ dialect }) => dialect ?? []));
  const requirements = REQUIREMENTS.filter((each) => isChosen(each, dialects, options));
  const terms = { strict, deviations: new Set(options.deviations ?? []), side };
  const { results, causes } = judged([play], requirements, terms);
  const plays = [{ name, events }];
  const report = reportOf({
    subject: { kind: 'trace', dialect: [...dialects].sort().join(', '), target: name },
    ...{ seed: 0, profile: 'trace', results, plays, views: [play], tolerances, strict },
    startedAt: options.startedAt ?? '1970-01-01T00:00:00.000Z',
    durationMs: events.reduce((most, { atMs }) => Math.max(most, atMs), 0),
    causes: causes.map(({ sentence }) => sentence),
    notes: play.conversations.flatMap(noteOn),
  });
  return { plays, report };
}

/** A server is not blamed for what a cause of the whole trace explains; a client is judged by what it did all the same. */
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

function noteOn({ session, dialect, path }: Conversation): readonly string[] {
  if (dialect !== undefined) return [];
  return [
    `${session} was not judged: ${path === '' ? 'it has no request' : `${path} is no path of a known service`}.`,
  ];
}
