import type { TraceEvent } from '../../../wire/trace.ts';
import { AudioClock } from '../../conversation/audio-clock.ts';
import type { Conversation, Moment } from '../../conversation/conversation.ts';
import type { ClientMessage, ServerMessage } from '../../conversation/read-message.ts';
import { audioLabel, endLabel, labelOf } from './labels.ts';
import type { AudioContent, AudioRun, Sequence, SequenceRow } from './rows.ts';

/** A session, with consecutive audio messages as one row. */
export function sequenceOf(conversation: Conversation): Sequence {
  const { session, dialect } = conversation;
  return { session, dialect, rows: rowsOf(conversation) };
}

function rowsOf(conversation: Conversation): readonly SequenceRow[] {
  const { heard, said, moments } = conversation;
  // Looked up once, because a long session has many messages.
  const messages = new Map([...heard, ...said].map(({ index, message }) => [index, message]));
  const clock = new AudioClock();
  const rows: SequenceRow[] = [];
  let sent: Sent[] = [];
  const endAudio = () => {
    if (sent.length > 0) rows.push(audioRow(sent));
    sent = [];
  };
  for (const moment of moments) {
    const { index, event, context } = moment;
    if (event.kind === 'binary' && event.from === 'client') {
      const run = runOf(event, context.audio?.content ?? 'unknown', clock);
      // The content of the audio changes only by an event in between, which is a row of its own.
      sent.push({ index, atMs: event.atMs, run });
      continue;
    }
    endAudio();
    rows.push(rowOf(moment, messages.get(index), clock));
  }
  endAudio();
  return rows;
}

function rowOf(
  { index, event }: Moment,
  message: ServerMessage | ClientMessage | undefined,
  clock: AudioClock,
): SequenceRow {
  const { atMs } = event;
  const facts = { atMs, untilMs: atMs, indices: [index], heard: undefined, isAside: false };
  switch (event.kind) {
    case 'request':
      clock.request(event.target);
      return { ...facts, kind: 'message', from: 'client', label: labelOf(event, message).label };
    case 'response':
      return { ...facts, kind: 'message', from: 'server', label: labelOf(event, message).label };
    case 'context':
      if (event.about.audio !== undefined) clock.context(event.about.audio);
      return { ...facts, kind: 'note', from: undefined, isAside: true, label: labelOf(event, message).label };
    case 'note':
    case 'report':
      return { ...facts, kind: 'note', from: undefined, label: labelOf(event, message).label };
    case 'end':
      return { ...facts, kind: 'end', from: event.by, label: endLabel(event) };
    case 'text':
    case 'binary':
    case 'ping':
    case 'pong':
    case 'close':
    case 'bytes':
    case 'fault':
      return { ...facts, kind: 'message', from: event.from, ...labelOf(event, message) };
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

/** A message of audio. */
interface Sent {
  readonly index: number;
  readonly atMs: number;
  readonly run: AudioRun;
}

function audioRow(sent: readonly Sent[]): SequenceRow {
  const runs = sent.map(({ run }) => run);
  const perFrame = (run: AudioRun | undefined) => (run === undefined ? 0 : run.byteCount / run.frameCount);
  const audio: AudioRun = {
    content: runs[0]?.content ?? 'unknown',
    byteCount: sum(runs.map(({ byteCount }) => byteCount)),
    frameCount: sum(runs.map(({ frameCount }) => frameCount)),
    ms: runs.some(({ ms }) => ms === undefined) ? undefined : sum(runs.map(({ ms = 0 }) => ms)),
    isEven: runs.every((run) => perFrame(run) === perFrame(runs[0])),
  };
  return {
    kind: 'message',
    from: 'client',
    label: audioLabel(audio),
    heard: undefined,
    atMs: sent[0]?.atMs ?? 0,
    untilMs: sent.at(-1)?.atMs ?? 0,
    indices: sent.map(({ index }) => index),
    audio,
    isAside: false,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
