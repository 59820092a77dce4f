import type { RequirementId } from '../../../protocol/requirements.ts';
import { derived } from '../../conversation/derived.ts';
import type { Conversation, Heard } from '../../conversation/conversation.ts';
import type { Fields } from '../../conversation/read-message.ts';
import type { Invariant, Occasion, Play, Window } from '../../judge/invariant.ts';
import { INCLUDE_FLAGS, type IncludeFlag } from '../../../protocol/reson8/handshake.ts';
import type { Tolerances } from '../../judge/tolerances.ts';

/** A Reson8 connection, and what its query asks for. */
export interface Realtime extends Conversation {
  /** Undefined if unknown: spelled differently, given twice, or in a request that was not seen. */
  readonly flags: Readonly<Record<IncludeFlag, boolean | undefined>>;
  readonly transcripts: readonly Transcript[];
}

/** A transcript, parsed as far as possible. */
export interface Transcript extends Heard {
  readonly fields: Fields;
  readonly isInterim: boolean;
  readonly text: string | undefined;
  /** Whether anything was recognised; an empty transcript says that nothing was (A17). */
  readonly saysSomething: boolean;
  readonly span: Span | undefined;
}

/** A span on the audio clock. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** An invariant that looks at every Reson8 connection separately. */
export function perRealtime(
  id: RequirementId,
  judge: (realtime: Realtime, tolerances: Tolerances, play: Play) => Iterable<Occasion>,
): Invariant {
  return perPlay(id, function* (play) {
    for (const realtime of realtimesOf(play)) yield* judge(realtime, play.tolerances, play);
  });
}

/** An invariant that looks at all connections of a play together. Sorts the evidence. */
export function perPlay(id: RequirementId, judge: (play: Play) => Iterable<Occasion>): Invariant {
  return {
    id,
    *judge(play) {
      for (const occasion of judge(play)) {
        yield occasion.events.length < 2
          ? occasion
          : { ...occasion, events: [...new Set(occasion.events)].sort((a, b) => a - b) };
      }
    },
  };
}

/** The Reson8 connections of a play. */
export const realtimesOf = derived(({ conversations }: Play): readonly Realtime[] => {
  return conversations.flatMap((conversation) => realtimeOf(conversation) ?? []);
});

/** Undefined for a conversation of another dialect. */
function realtimeOf(conversation: Conversation): Realtime | undefined {
  if (conversation.dialect !== 'reson8') return undefined;
  const { request, query, heard } = conversation;
  const flag = (name: IncludeFlag): [IncludeFlag, boolean | undefined] => [
    name,
    request === undefined ? undefined : flagOf(query.getAll(name)),
  ];
  // There is one entry for each flag, but the types of Object.fromEntries() lose that.
  const flags = Object.fromEntries(INCLUDE_FLAGS.map(flag)) as Realtime['flags'];
  return { flags, transcripts: heard.flatMap(transcriptOf), ...conversation };
}

/** The value of a flag in a query; undefined for another spelling, or if it is given twice. */
export function flagOf(values: readonly string[]): boolean | undefined {
  const [value, ...more] = values;
  if (value === undefined) return false;
  if (more.length > 0) return undefined;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function transcriptOf(heard: Heard): readonly Transcript[] {
  const { kind, fields } = heard.message;
  if (fields === undefined || (kind !== 'partial' && kind !== 'final')) return [];
  return [readTranscript(heard, fields, kind === 'partial')];
}

/** Reads a message that contains what was recognised. */
export function readTranscript(heard: Heard, fields: Fields, isInterim: boolean): Transcript {
  const text = typeof fields['text'] === 'string' ? fields['text'] : undefined;
  const saysSomething = text !== undefined && text.trim() !== '';
  // What is added after a copy would give each of them a hidden class of its own.
  return { fields, isInterim, text, saysSomething, span: spanOf(fields), ...heard };
}

/** The whole connection, as the time in which something missing could have come. */
export function wholeOf({ moments }: Realtime): Window {
  return [moments[0]?.index ?? 0, moments.at(-1)?.index ?? 0];
}

/** The span given by `start_ms` and `duration_ms`, of a transcript or a word. */
export function spanOf(fields: Fields): Span | undefined {
  const { start_ms: startMs, duration_ms: durationMs } = fields;
  if (!isNumber(startMs) || !isNumber(durationMs)) return undefined;
  return { startMs, endMs: startMs + durationMs };
}

/** A finite number: `1e999` in JSON is parsed as infinity. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Transcripts that end a segment: not empty, and not interims. */
export const finalsOf = derived(({ transcripts }: Realtime): readonly Transcript[] => {
  return transcripts.filter(({ isInterim, saysSomething }) => !isInterim && saysSomething);
});
