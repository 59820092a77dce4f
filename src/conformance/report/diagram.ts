import type { TraceEvent } from '../../wire/trace.ts';
import { visible } from './plain.ts';
import { sequencesOf, type Sequence, type SequenceRow } from './sequence.ts';
import { thinned } from './thinned.ts';
import { wrapped } from './wrapped.ts';

/** An event that a diagram points at, and what it says there. */
export interface Mark {
  /** Its place in the list of events. */
  readonly index: number;
  readonly note?: string;
}

/** Lines of a session; more are thinned out. */
const MOST_ROWS = 60;
const MOST_SESSIONS = 6;
const COLUMNS = 80;
/** Between the two life lines. */
const LANE = 44;
const NARROWEST_NOTE = 16;
const MOST_NOTE_LINES = 8;
const HERE = '  <-- here';

/**
 * What was said, as a diagram in text: the client left, the server right, time going down. Only sessions with a marked
 * event are drawn; without marks, all of them.
 */
export function diagramOf(
  events: readonly TraceEvent[],
  marks: readonly Mark[] = [],
  columns = COLUMNS,
): string {
  const notes = new Map(marks.map(({ index, note }) => [index, note]));
  const isMarked = ({ indices }: SequenceRow) => indices.some((index) => notes.has(index));
  const all = sequencesOf(events);
  const marked = all.filter(({ rows }) => rows.some(isMarked));
  const drawn = marked.length > 0 ? marked : all;
  const parts = drawn.slice(0, MOST_SESSIONS).map((sequence) => {
    const title = all.length === 1 ? [] : [titleOf(sequence)];
    return [...title, ...draw(sequence, isMarked, notes, columns)].join('\n');
  });
  const left = drawn.length - MOST_SESSIONS;
  return [...parts, ...(left > 0 ? [`… ${left} more sessions`] : [])].join('\n\n');
}

function titleOf({ session, dialect }: Sequence): string {
  return visible(dialect === undefined ? session : `${session} (${dialect})`);
}

function draw(
  { rows }: Sequence,
  isMarked: (row: SequenceRow) => boolean,
  notes: ReadonlyMap<number, string | undefined>,
  columns: number,
): readonly string[] {
  const worthALine = rows.filter((row) => !row.isAside || isMarked(row));
  const lines = thinned(worthALine, isMarked, MOST_ROWS).flatMap((kept) => {
    if (kept.kind === 'gap') return [across(`… ${kept.count} lines left out`)];
    const line = lineOf(kept.row);
    if (!isMarked(kept.row)) return [line];
    const note = kept.row.indices.flatMap((index) => notes.get(index) ?? []).join('; ');
    return beside(line, note, columns);
  });
  return [`client${' '.repeat(LANE - 6)}server`, ...lines];
}

function lineOf({ kind, from, label }: SequenceRow): string {
  if (kind === 'note') return across(`(${label})`);
  if (kind === 'end' || from === undefined) return across(label, '=');
  const room = LANE - 6;
  const text = cut(label, room);
  return from === 'client'
    ? `  |${`-- ${text} `.padEnd(LANE - 1, '-')}>|`
    : `  |${`<- ${text} `.padEnd(LANE, '-')}|`;
}

/** A line of neither side. */
function across(label: string, filler = ' '): string {
  const text = ` ${cut(label, LANE - 4)} `;
  const before = Math.floor((LANE - text.length) / 2);
  return `  |${(filler.repeat(before) + text).padEnd(LANE, filler)}|`;
}

function beside(line: string, note: string, columns: number): readonly string[] {
  const [first = '', ...others] = noteLines(note, columns - line.length - HERE.length - 2);
  const empty = `  |${' '.repeat(LANE)}|${' '.repeat(HERE.length + 2)}`;
  return [`${line}${HERE}${first === '' ? '' : `: ${first}`}`, ...others.map((each) => empty + each)];
}

function noteLines(note: string, room: number): readonly string[] {
  if (note === '') return [];
  const width = Math.max(room, NARROWEST_NOTE);
  const lines = wrapped(visible(note), width, '', '').flatMap((line) => chunks(line, width));
  return lines.length > MOST_NOTE_LINES ? [...lines.slice(0, MOST_NOTE_LINES), '…'] : lines;
}

function chunks(line: string, width: number): readonly string[] {
  const result: string[] = [];
  let rest = line;
  while (rest !== '') {
    const head = taken(rest, width);
    result.push(head);
    rest = rest.slice(head.length);
  }
  return result.length === 0 ? [''] : result;
}

function cut(label: string, room: number): string {
  const text = visible(label, room * 4);
  return text.length > room ? `${taken(text, room - 1)}…` : text;
}

/** The first characters, none of them in halves. */
function taken(text: string, most: number): string {
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(most - 1)) && text.length > most;
  return text.slice(0, isHalf ? most - 1 : most);
}
