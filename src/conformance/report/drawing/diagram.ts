import { padded, startOf, widthOf, wrapped } from '../../../runtime/text/wrapped.ts';
import type { TraceEvent } from '../../../wire/trace.ts';
import { visible } from '../../../runtime/text/plain.ts';
import { conversationsOf } from '../../conversation/conversation.ts';
import { sequenceOf } from './sequence.ts';
import type { Sequence, SequenceRow } from './rows.ts';
import { thinned } from './thinned.ts';

/** An event that a diagram points at, and the text there. */
export interface Mark {
  /** Its index in the list of events. */
  readonly index: number;
  readonly note?: string;
}

/** Longer sessions are thinned out to this many lines. */
const MOST_ROWS = 60;
const MOST_SESSIONS = 6;
/** The width between the two lifelines. */
const LANE = 44;
const MOST_NOTE_LINES = 8;
const HERE = '  <-- here';

/**
 * A conversation as a diagram in text: the client on the left, the server on the right, time going down. Only sessions
 * with a marked event are drawn; without marks, all of them.
 */
export function diagramOf(events: readonly TraceEvent[], marks: readonly Mark[] = []): string {
  const notes = new Map(marks.map(({ index, note }) => [index, note]));
  const isMarked = ({ indices }: SequenceRow) => indices.some((index) => notes.has(index));
  const all = conversationsOf(events);
  const marked = all.filter(({ moments }) => moments.some(({ index }) => notes.has(index)));
  const drawn = marked.length > 0 ? marked : all;
  const parts = drawn.slice(0, MOST_SESSIONS).map((conversation) => {
    const sequence = sequenceOf(conversation);
    const title = all.length === 1 ? [] : [titleOf(sequence)];
    return [...title, ...draw(sequence, isMarked, notes)].join('\n');
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
): readonly string[] {
  const worthALine = rows.filter((row) => !row.isAside || isMarked(row));
  const lines = thinned(worthALine, isMarked, MOST_ROWS).flatMap((kept) => {
    if (kept.kind === 'gap') return [across(`… ${kept.count} lines left out`)];
    const line = lineOf(kept.row);
    if (!isMarked(kept.row)) return [line];
    const note = kept.row.indices.flatMap((index) => notes.get(index) ?? []).join('; ');
    return pointedAt(line, note);
  });
  return [`client${' '.repeat(LANE - 6)}server`, ...lines];
}

function lineOf({ kind, from, label }: SequenceRow): string {
  if (kind === 'note') return across(`(${label})`);
  if (kind === 'end' || from === undefined) return across(label, '=');
  const room = LANE - 6;
  const text = cut(label, room);
  return from === 'client'
    ? `  |${padded(`-- ${text} `, LANE - 1, '-')}>|`
    : `  |${padded(`<- ${text} `, LANE, '-')}|`;
}

/** A line that belongs to neither side. */
function across(label: string, filler = ' '): string {
  const text = ` ${cut(label, LANE - 4)} `;
  const before = Math.floor((LANE - widthOf(text)) / 2);
  return `  |${padded(filler.repeat(before) + text, LANE, filler)}|`;
}

/** The line with an arrow, and below it, between the lifelines, the note. */
function pointedAt(line: string, note: string): readonly string[] {
  return [line + HERE, ...noteLines(note).map((each) => `  |   ${padded(each, LANE - 3)}|`)];
}

function noteLines(note: string): readonly string[] {
  if (note === '') return [];
  const room = LANE - 4;
  const lines = wrapped(visible(note), room).flatMap((line) => chunks(line, room));
  return lines.length > MOST_NOTE_LINES ? [...lines.slice(0, MOST_NOTE_LINES), '…'] : lines;
}

/** A word longer than a line has to be cut somewhere. */
function chunks(line: string, room: number): readonly string[] {
  if (widthOf(line) <= room) return [line];
  const head = startOf(line, room);
  return [head, ...chunks(line.slice(head.length), room)];
}

function cut(label: string, room: number): string {
  const text = visible(label, room * 4);
  return widthOf(text) > room ? `${startOf(text, room - 1)}…` : text;
}
