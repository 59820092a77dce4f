import { DEEPEST_JSON, isDeeperThan, parseJson, TOO_DEEP } from '../runtime/json/depth.ts';
import { UserError } from '../runtime/errors.ts';
import { jsonFaultOf } from './json-place.ts';
import { eventOf, headerOf, TraceFault } from './trace-schema.ts';
import type { TraceEvent, TraceHeader } from './trace.ts';

/** The maximum number of characters in a line. */
export const LONGEST_LINE = 2 ** 24;
/** The maximum number of events in a file. */
export const MOST_EVENTS = 1_000_000;

/** The contents of a trace file. */
export interface TraceFile {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
  /** Parts that could not be read although the rest could: a last line that a crash cut off. */
  readonly faults: readonly string[];
}

/** The first line, with its line break. */
export function encodeHeader(header: TraceHeader): string {
  return `${JSON.stringify(header)}\n`;
}

/** A line of a trace, with its line break. */
export function encodeEvent(event: TraceEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/**
 * Reads a trace: its text, or its lines one by one. A file that was cut off is read up to there.
 *
 * @param name its name in errors: the path of the file
 * @param most the maximum number of events; a file with more is refused
 * @throws UserError with name, line and column, for an invalid line other than a cut-off last one, for a line longer
 * than LONGEST_LINE, for more events than `most`, and for a file without a header.
 */
export function readTrace(source: string | Iterable<string>, name = 'trace', most = MOST_EVENTS): TraceFile {
  return readTraceLines(typeof source === 'string' ? linesIn([source]) : ended(source), name, most);
}

/** The same for lines that are read one after the other, such as those of a large file (`linesIn`). */
export function readTraceLines(lines: Iterable<TraceLine>, name = 'trace', most = MOST_EVENTS): TraceFile {
  let header: TraceHeader | undefined;
  const events: TraceEvent[] = [];
  const faults: string[] = [];
  let number = 0;
  for (const { text, mayBeCut } of lines) {
    number += 1;
    const at = (column: number) => ({ file: name, line: number, column });
    if (text.length > LONGEST_LINE) {
      throw new UserError(
        `the line has ${text.length} characters; at most ${LONGEST_LINE} are read`,
        at(LONGEST_LINE + 1),
      );
    }
    if (text.trim() === '') continue;
    try {
      const value = parsed(text);
      if (header === undefined) header = headerOf(value);
      else if (events.length < most) events.push(eventOf(value));
      else
        throw new TraceFault(undefined, `the file has more than ${most} events; record shorter, or split it`);
    } catch (error) {
      if (!(error instanceof TraceFault)) throw error;
      if (mayBeCut && header !== undefined && error.offset !== undefined) {
        faults.push(
          `${name}:${number}: the last line is cut off (${text.length} characters) and was left out`,
        );
      } else throw new UserError(error.message, at(columnOf(error, text)));
    }
  }
  if (header === undefined)
    throw new UserError('the file is empty, expected the header of a trace', {
      file: name,
      line: 1,
      column: 1,
    });
  return { header, events, faults };
}

/** @throws TraceFault with the place */
function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    if (isDeeperThan(text, DEEPEST_JSON)) throw new TraceFault(undefined, TOO_DEEP);
    const { offset, expected } = jsonFaultOf(text);
    throw new TraceFault(undefined, `not JSON: expected ${expected}`, offset);
  }
}

function columnOf({ field, offset }: TraceFault, text: string): number {
  if (offset !== undefined) return offset + 1;
  // Our lines have no spaces; a name in another program's line is found too, or only the line is reported.
  return field === undefined ? 1 : Math.max(0, text.indexOf(JSON.stringify(field))) + 1;
}

/** A line of a trace, without its line break. */
export interface TraceLine {
  readonly text: string;
  /** This is the last line, and nothing shows that it is complete. */
  readonly mayBeCut: boolean;
}

/** The lines of a text that comes in parts, because a file may have hundreds of megabytes. */
export function* linesIn(parts: Iterable<string>): Iterable<TraceLine> {
  let rest = '';
  for (const part of parts) {
    let from = 0;
    for (let to = part.indexOf('\n'); to >= 0; to = part.indexOf('\n', from)) {
      yield { text: rest + part.slice(from, to), mayBeCut: false };
      rest = '';
      from = to + 1;
    }
    rest += part.slice(from);
  }
  // A file system may leave zeros at the end of a file after a power failure.
  let end = rest.length;
  while (end > 0 && rest.charCodeAt(end - 1) === 0) end -= 1;
  if (end > 0) yield { text: rest.slice(0, end), mayBeCut: true };
}

function* ended(lines: Iterable<string>): Iterable<TraceLine> {
  let before: string | undefined;
  for (const line of lines) {
    if (before !== undefined) yield { text: before, mayBeCut: false };
    before = line;
  }
  if (before !== undefined) yield { text: before, mayBeCut: true };
}
