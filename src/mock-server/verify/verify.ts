import { fieldsOf, isList } from '../../runtime/json/fields.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import { numberOf } from '../journal/journal.ts';
import type { Happening, Session } from '../open-session.ts';
import { fits, type SessionFilter } from '../session-filter.ts';

/** What clients are expected to have done, on all matching connections together. */
export interface Expectation extends SessionFilter {
  /** Only on this connection. */
  readonly session?: string | undefined;
  /** What is counted: what a client has done … */
  readonly of?: Happening | undefined;
  /** … or JSON messages of clients that contain all of this (`frame` if neither is given). */
  readonly message?: unknown;
  /** The minimum number (1 if no number is given). */
  readonly atLeast?: number | undefined;
  /** The maximum number. */
  readonly atMost?: number | undefined;
  /** The exact number. */
  readonly exactly?: number | undefined;
}

/** How close a connection came to what was expected. */
export interface NearMiss {
  /** The connection. */
  readonly session: string;
  /** How often its client has done what was counted. */
  readonly count?: number;
  /** A text of its client, read as JSON. */
  readonly message?: unknown;
  /** The parts of that message that differ, such as `language`. */
  readonly differs?: readonly string[];
}

/** Whether an expectation holds. */
export interface Verified {
  /** Whether it holds. */
  readonly ok: boolean;
  /** How often it happened, on all matching connections together. */
  readonly count: number;
  /** The journal has dropped messages of these connections, so there may have been more. */
  readonly isIncomplete?: true;
  /** If it does not hold: what came nearest, at most three. */
  readonly nearest?: readonly NearMiss[];
}

const MOST_NEAREST = 3;
/** The maximum number of differences that are named for a message. */
const MOST_DIFFERENCES = 10;

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** How often something must have happened for an expectation to hold. */
export function boundsOf({ atLeast, atMost, exactly }: Expectation): Bounds {
  if (exactly !== undefined) return { low: exactly, high: exactly };
  return { low: atLeast ?? (atMost === undefined ? 1 : 0), high: atMost ?? Infinity };
}

/** A key of an expectation that another one excludes, and why. */
export interface Contradiction {
  readonly key: 'message' | 'exactly' | 'atMost';
  readonly why: string;
}

/** What in an expectation can never be meant, because the rest of it says something else. */
export function contradictionsIn(expected: Expectation): readonly Contradiction[] {
  const { of, message, atLeast, atMost, exactly } = expected;
  return [
    ...(of === undefined || message === undefined
      ? []
      : [{ key: 'message', why: 'excludes of: one of them is expected' } as const]),
    ...(exactly === undefined || (atLeast ?? atMost) === undefined
      ? []
      : [{ key: 'exactly', why: `excludes ${atLeast === undefined ? 'atMost' : 'atLeast'}` } as const]),
    ...(atLeast === undefined || atMost === undefined || atLeast <= atMost
      ? []
      : [{ key: 'atMost', why: `is below atLeast: ${atMost} is less than ${atLeast}` } as const]),
  ];
}

/** What some connections contribute to an expectation. */
export interface Looked {
  readonly count: number;
  readonly isIncomplete: boolean;
  /** What came nearest if the expectation does not hold: at most MOST_NEAREST, the nearest first. */
  readonly nearest: readonly NearMiss[];
}

/** Looks at what clients have done so far. */
export function look(sessions: readonly Session[], expected: Expectation): Looked {
  const { session: id } = expected;
  const meant = sessions.filter(
    (session) => (id === undefined || session.id === id) && fits(session, expected),
  );
  if (!asksForMessage(expected)) {
    const counts = meant.map((session) => ({
      session: session.id,
      count: session.count(expected.of ?? 'frame'),
    }));
    const count = counts.reduce((sum, each) => sum + each.count, 0);
    return { count, isIncomplete: false, nearest: nearestOf(counts) };
  }
  const texts = meant.flatMap((session) =>
    textsOf(session.trace()).map((message) => ({ session: session.id, message })),
  );
  const compared = texts.map((each) => ({ ...each, differs: differences(expected.message, each.message) }));
  const count = compared.filter(({ differs }) => differs.length === 0).length;
  const isIncomplete = meant.some((session) => hasGaps(session));
  return { count, isIncomplete, nearest: nearestOf(compared.filter(({ differs }) => differs.length > 0)) };
}

/** The nearest of them: those with the highest counts, or with the fewest differences. */
function nearestOf(all: readonly NearMiss[]): readonly NearMiss[] {
  const distance = ({ count = 0, differs = [] }: NearMiss) => differs.length - count;
  return [...all].sort((a, b) => distance(a) - distance(b)).slice(0, MOST_NEAREST);
}

/** Combines what was seen on connections of different processes. */
export function together(parts: readonly Looked[]): Looked {
  const all = parts.flatMap(({ nearest }) => nearest);
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    isIncomplete: parts.some(({ isIncomplete }) => isIncomplete),
    // In the order that one process would give: among equally near ones, the connection that came first.
    nearest: nearestOf([...all].sort((a, b) => numberOf(a.session) - numberOf(b.session))),
  };
}

/** Whether an expectation holds, given what was seen. */
export function verdictOn(expected: Expectation, { count, isIncomplete, nearest }: Looked): Verified {
  const { low, high } = boundsOf(expected);
  // The missing ones may be among those that were dropped.
  const ok = count >= low && count <= high && (!isIncomplete || high === Infinity);
  return {
    ok,
    count,
    ...(isIncomplete ? { isIncomplete } : {}),
    ...(ok ? {} : { nearest }),
  };
}

function asksForMessage(expected: Expectation): boolean {
  return 'message' in expected && expected.message !== undefined;
}

/** Whether nothing that may still come can make it hold. */
export function isLost(expected: Expectation, { count }: Verified): boolean {
  return count > boundsOf(expected).high;
}

function hasGaps(session: Session): boolean {
  const trace = session.trace();
  // Without a journal there is no trace at all.
  return trace.length === 0 || trace.some((event) => event.kind === 'note' && event.dropped !== undefined);
}

function textsOf(trace: readonly TraceEvent[]): readonly unknown[] {
  return trace.flatMap((event) => {
    if (event.kind !== 'text' || event.from !== 'client') return [];
    try {
      const value: unknown = JSON.parse(event.text);
      return [value];
    } catch {
      return [event.text];
    }
  });
}

/** The places where a value lacks something that is expected of it, or has something else. */
function differences(expected: unknown, actual: unknown, path = ''): readonly string[] {
  const here = [path === '' ? '(the message)' : path];
  if (isList(expected)) {
    if (!isList(actual) || actual.length !== expected.length) return here;
    return expected
      .flatMap((each, at) => differences(each, actual[at], `${path}[${at}]`))
      .slice(0, MOST_DIFFERENCES);
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual) ? [] : here;
  if (typeof actual !== 'object' || actual === null || isList(actual)) return here;
  const fields = fieldsOf(actual);
  return Object.entries(fieldsOf(expected))
    .flatMap(([name, value]) => {
      const place = path === '' ? name : `${path}.${name}`;
      return Object.hasOwn(fields, name) ? differences(value, fields[name], place) : [place];
    })
    .slice(0, MOST_DIFFERENCES);
}
