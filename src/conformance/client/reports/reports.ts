import { isFields, type Fields } from '../../../runtime/json/fields.ts';
import { isDeeperThan } from '../../../runtime/json/depth.ts';
import { z } from 'zod';
import { atEndOfTurn } from '../../../runtime/turn.ts';
import type { Redactor } from '../../../wire/redact/redact.ts';
import type { TraceFact } from '../../../wire/trace.ts';
import { LONGEST_LINE_BYTES, type ReportLine } from './report-lines.ts';

/** A report by a client of what its user sees (contract: conformance client). Unknown fields are dropped. */
const REPORT = z.discriminatedUnion('event', [
  z.object({ event: z.literal('state'), state: z.string() }),
  z.object({ event: z.literal('display'), text: z.string() }),
  z.object({ event: z.literal('final'), text: z.string() }),
  z.object({
    event: z.literal('error'),
    kind: z.enum(['timeout', 'auth', 'closed', 'server', 'other']),
    message: z.string().optional(),
  }),
  z.object({ event: z.literal('closed'), code: z.int() }),
]);

/** A report by a client of what its user sees. */
export type ClientReport = z.infer<typeof REPORT>;

const EVENTS: ReadonlySet<unknown> = new Set(REPORT.options.map(({ shape }) => shape.event.value));

/** Parses a report in a trace; undefined for an unknown kind. */
export function clientReport(report: Fields): ClientReport | undefined {
  return REPORT.safeParse(report).data;
}

/** A fact from outside the wire, and its time. */
export interface TimedFact {
  readonly atMs: number;
  readonly fact: TraceFact;
}

/** What a client has reported. */
export interface Reports {
  /** In order of arrival, without secrets. */
  readonly told: readonly TimedFact[];
  /** Problems with lines that are not reports: the first of them, and their number. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

/** The maximum number of faults that are listed. */
const MOST_FAULTS = 20;
/** No real report is nested this deeply, and a deeper one might overflow the stack when it is written again. */
const DEEPEST = 16;
/** The number of characters shown of a faulty line. */
const SHOWN = 80;
/** Other work gets its turn after this many lines. */
const LINES_A_TURN = 200;
const CHARACTERS_A_TURN = 2 ** 18;

/** Reads the lines that a client wrote. A line that cannot be read is a fault, and does not affect the others. */
export async function readReports(lines: readonly ReportLine[], redactor: Redactor): Promise<Reports> {
  const told: TimedFact[] = [];
  const faults: string[] = [];
  let faultCount = 0;
  let lineCount = 0;
  let characterCount = 0;
  for (const [index, { atMs, text }] of lines.entries()) {
    lineCount += 1;
    characterCount += text?.length ?? 0;
    if (lineCount > LINES_A_TURN || characterCount > CHARACTERS_A_TURN) {
      await new Promise<void>(atEndOfTurn);
      lineCount = 0;
      characterCount = 0;
    }
    const report = readReportLine(text);
    const fact = report.kind === 'report' ? withoutSecrets(report, redactor) : undefined;
    if (fact !== undefined) {
      told.push({ atMs, fact });
      continue;
    }
    faultCount += 1;
    if (faultCount > MOST_FAULTS) continue;
    const why = report.kind === 'wrong' ? report.why : 'it cannot be shown, as it contains a secret';
    // A line is searched for secrets as a whole before it is cut, since half a secret would not be recognised.
    const shown =
      text === undefined ? '' : `, got ${JSON.stringify(redactor.text(text).trim().slice(0, SHOWN))}`;
    faults.push(`Report ${index + 1}: ${why}${shown}`);
    told.push({ atMs, fact: { kind: 'note', message: `A report of the client is wrong: ${why}${shown}` } });
  }
  return { told, faults, faultCount };
}

type ReportFact = Extract<TraceFact, { kind: 'report' }>;
type Wrong = { readonly kind: 'wrong'; readonly why: string };

/** A report as a fact, or what is wrong with the line. */
export function readReportLine(text: string | undefined): ReportFact | Wrong {
  if (text === undefined) return wrong(`the line is longer than ${LONGEST_LINE_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong('expected JSON');
  }
  if (!isFields(value)) return wrong('expected a JSON object');
  if (isDeeperThan(text, DEEPEST)) return wrong(`expected at most ${DEEPEST} levels of objects`);
  const report = value;
  if (typeof report['event'] !== 'string') return wrong('expected an object with an "event"');
  if (EVENTS.has(report['event'])) {
    const { error } = REPORT.safeParse(report);
    if (error !== undefined) {
      return wrong(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    }
  }
  return { kind: 'report', report };
}

function wrong(why: string): Wrong {
  return { kind: 'wrong', why };
}

/** Undefined if removing a secret damages the JSON. */
function withoutSecrets(fact: ReportFact, redactor: Redactor): TraceFact | undefined {
  try {
    return redactor.fact(fact);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
