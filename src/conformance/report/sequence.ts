import type { Peer, TraceEvent } from '../../wire/trace.ts';
import { AudioClock } from '../audio-clock.ts';
import { conversationsOf, type Conversation, type Moment } from '../conversation.ts';
import type { Dialect } from '../dialects/dialect-of.ts';
import { audioLabel, endLabel, labelOf } from './labels.ts';

export type AudioContent = 'speech' | 'silence' | 'noise' | 'unknown';

/** Audio that a client sent in one go. */
export interface AudioRun {
  readonly content: AudioContent;
  readonly byteCount: number;
  readonly frameCount: number;
  /** Undefined when the bytes do not tell. */
  readonly ms: number | undefined;
  /** Whether every message held as much. */
  readonly isEven: boolean;
}

/** A line of a sequence diagram. */
export interface SequenceRow {
  /** `message` crossed the wire; `note` is what the observer knows; `end` is of both. */
  readonly kind: 'message' | 'note' | 'end';
  readonly from: Peer | undefined;
  /** As it came: not yet safe to show. */
  readonly label: string;
  /** What a line marks: kind of the server's message, for those who draw it. */
  readonly heard: 'partial' | 'final' | 'error' | 'other' | undefined;
  readonly atMs: number;
  readonly untilMs: number;
  /** The events in it: places in the list of events of the play. */
  readonly indices: readonly number[];
  readonly audio?: AudioRun;
  /** Only worth a line when it proves something. */
  readonly isAside: boolean;
}

/** What one session looks like as a diagram. */
export interface Sequence {
  readonly session: string;
  readonly dialect: Dialect | undefined;
  readonly rows: readonly SequenceRow[];
}

/** The sessions of a play, audio that was sent in one go as one row. */
export function sequencesOf(events: readonly TraceEvent[]): readonly Sequence[] {
  return conversationsOf(events).map((conversation) => ({
    session: conversation.session,
    dialect: conversation.dialect,
    rows: rowsOf(conversation),
  }));
}

function rowsOf(conversation: Conversation): readonly SequenceRow[] {
  const clock = new AudioClock();
  const rows: SequenceRow[] = [];
  for (const moment of conversation.moments) {
    const row = rowOf(moment, conversation, clock);
    const last = rows.at(-1);
    const joined = last === undefined ? undefined : joinedAudio(last, row);
    if (joined === undefined) rows.push(row);
    else rows[rows.length - 1] = joined;
  }
  return rows;
}

function rowOf({ index, event, context }: Moment, { dialect }: Conversation, clock: AudioClock): SequenceRow {
  const facts = { atMs: event.atMs, untilMs: event.atMs, indices: [index], heard: undefined, isAside: false };
  switch (event.kind) {
    case 'request':
      clock.request(event.target);
      return { ...facts, kind: 'message', from: 'client', label: labelOf(event, dialect).label };
    case 'response':
      return { ...facts, kind: 'message', from: 'server', label: labelOf(event, dialect).label };
    case 'binary': {
      if (event.from === 'server') {
        return { ...facts, kind: 'message', from: 'server', ...labelOf(event, dialect) };
      }
      const audio = runOf(event, context.audio?.content ?? 'unknown', clock);
      return { ...facts, kind: 'message', from: 'client', label: audioLabel(audio), audio };
    }
    case 'context':
      if (event.about.audio !== undefined) clock.context(event.about.audio);
      return { ...facts, kind: 'note', from: undefined, isAside: true, label: labelOf(event, dialect).label };
    case 'note':
    case 'report':
      return { ...facts, kind: 'note', from: undefined, label: labelOf(event, dialect).label };
    case 'end':
      return { ...facts, kind: 'end', from: event.by, label: endLabel(event) };
    case 'text':
    case 'ping':
    case 'pong':
    case 'close':
    case 'bytes':
    case 'fault':
      return { ...facts, kind: 'message', from: event.from, ...labelOf(event, dialect) };
  }
}

function runOf(
  { byteCount, frameCount = 1 }: Extract<TraceEvent, { kind: 'binary' }>,
  content: AudioContent,
  clock: AudioClock,
): AudioRun {
  const before = clock.sent().ms;
  clock.audio(byteCount);
  const after = clock.sent().ms;
  const ms = before === undefined || after === undefined ? undefined : after - before;
  return { content, byteCount, frameCount, ms, isEven: true };
}

/** What the audio holds changes only by an event in between, which is a row. */
function joinedAudio(a: SequenceRow, b: SequenceRow): SequenceRow | undefined {
  if (a.audio === undefined || b.audio === undefined) return undefined;
  const frameCount = a.audio.frameCount + b.audio.frameCount;
  const perFrame = (run: AudioRun) => run.byteCount / run.frameCount;
  const audio: AudioRun = {
    content: a.audio.content,
    byteCount: a.audio.byteCount + b.audio.byteCount,
    frameCount,
    ms: a.audio.ms === undefined || b.audio.ms === undefined ? undefined : a.audio.ms + b.audio.ms,
    isEven: a.audio.isEven && b.audio.isEven && perFrame(a.audio) === perFrame(b.audio),
  };
  return { ...a, untilMs: b.untilMs, indices: a.indices.concat(b.indices), label: audioLabel(audio), audio };
}
