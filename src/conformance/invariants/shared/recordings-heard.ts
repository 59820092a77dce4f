import { serverLeavingOf } from './ending.ts';
import { isWhole } from './whole.ts';
import { DIALECTS } from '../../../protocol/dialects.ts';
import { textOfBinary } from '../../../wire/binary-fact.ts';
import type { TraceContext } from '../../../wire/trace.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import { wordsOf } from '../../text/normalise.ts';

/** A session and its results. */
export interface Talk {
  readonly conversation: Conversation;
  readonly results: readonly { readonly index: number; readonly text: string | undefined }[];
}

/**
 * What a session sent, or its server fetched: how many milliseconds of each recording, counted from its beginning, and
 * the place in the play where that began.
 */
interface Sent {
  readonly recordings: ReadonlyMap<string, { readonly ms: number; readonly began: number }>;
  /** All of it is a recording or silence, so the words that may be recognised in it are known. */
  readonly isKnown: boolean;
  /** Whether the server fetched it. */
  readonly isFetched: boolean;
}

/** What was recognised in a recording in sessions that sent it alone. */
interface Control {
  readonly isFetched: boolean;
  /** The place in the play where a session first began to send it. */
  began: number;
  /** The two sessions that sent the most of it and ended normally, the longer one first. */
  longest: readonly { readonly session: string; readonly ms: number }[];
  /** The session in which each word was recognised; true: several. */
  readonly words: Map<string, string | true>;
}

/** Which runs of words belong to which recording, according to the sessions that overlapped no other. */
export interface Controls {
  /** The recordings in which something was recognised, in the order in which they were sent. */
  readonly heard: readonly string[];
  readonly byRecording: ReadonlyMap<string, Control>;
  /** For a run of words: the recordings in which it was recognised, and where. */
  readonly runs: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The length of a run: two recordings may share two words by chance, or a recogniser may make them up. */
export const RUN_WORDS = 3;
/** Close codes that report no failure; 1005 is a Close frame without a code. */
const IN_ORDER: readonly number[] = [1000, 1005];
/** The maximum number of recordings that are distinguished, for one run of words and in one session. */
export const MOST_RECORDINGS = 8;

/** What a session sent, recording by recording. */
export const sentBy = derived((conversation: Conversation): Sent => {
  const { moments, context, request } = conversation;
  const recordings = new Map<string, { ms: number; began: number }>();
  if (isFetching(conversation)) {
    // The bytes that the server fetches itself are not visible, but that does not mean silence.
    const { fetched } = context;
    const began = request?.index ?? moments[0]?.index ?? 0;
    if (fetched !== undefined) recordings.set(fetched.recording, { ms: fetched.ms, began });
    return { recordings, isKnown: fetched !== undefined, isFetched: true };
  }
  let isKnown = true;
  let audio: TraceContext['audio'];
  // A recording starts again with every context that names it.
  let byteCount = 0;
  for (const { event, index } of moments) {
    if (event.kind === 'context' && event.about.audio !== undefined) {
      audio = event.about.audio;
      byteCount = -(audio.headerBytes ?? 0);
    }
    if (event.kind !== 'binary' || event.from !== 'client' || textOfBinary(event) !== undefined) continue;
    byteCount += event.byteCount;
    if (audio?.recording !== undefined) {
      const { began, ms } = recordings.get(audio.recording) ?? { began: index, ms: 0 };
      recordings.set(audio.recording, { began, ms: Math.max(ms, byteCount / audio.bytesPerMs) });
    } else if (audio?.content !== 'silence') isKnown = false;
  }
  return { recordings, isKnown, isFetched: false };
});

function isFetching({ dialect }: Conversation): boolean {
  return dialect !== undefined && DIALECTS[dialect].audio === 'fetched';
}

/** The sessions that overlapped no other, as what was recognised in one recording each. */
export function controlTalksOf(talks: readonly Talk[]): Controls {
  const byRecording = new Map<string, Control>();
  const runs = new Map<string, Map<string, number>>();
  for (const talk of aloneAmong(talks)) {
    const { recordings, isKnown, isFetched } = sentBy(talk.conversation);
    const [only, ...more] = recordings;
    if (only === undefined || more.length > 0 || !isKnown) continue;
    const [recording, { ms, began }] = only;
    const known = byRecording.get(recording);
    const control = known ?? { isFetched, began, longest: [], words: new Map<string, string | true>() };
    if (known === undefined) byRecording.set(recording, control);
    const { session } = talk.conversation;
    // A stream without words may not have been fetched at all.
    const isHeard = !isFetched || talk.results.some(({ text }) => wordsOf(text ?? '').length > 0);
    if (isHeard && cameToItsEnd(talk.conversation)) {
      control.longest = [...control.longest, { session, ms }].sort((a, b) => b.ms - a.ms).slice(0, 2);
    }
    for (const { index, text } of talk.results) {
      const words = wordsOf(text ?? '');
      for (const [at, word] of words.entries()) {
        const heardBy = control.words.get(word);
        if (heardBy === undefined) control.words.set(word, session);
        else if (heardBy !== session) control.words.set(word, true);
        const run = runAt(words, at);
        if (run === undefined) continue;
        const places = runs.get(run) ?? new Map<string, number>();
        if (places.size === 0) runs.set(run, places);
        if (!places.has(recording) && places.size < MOST_RECORDINGS) places.set(recording, index);
      }
    }
  }
  for (const { conversation } of talks) {
    for (const [recording, { began }] of sentBy(conversation).recordings) {
      const control = byRecording.get(recording);
      if (control !== undefined) control.began = Math.min(control.began, began);
    }
  }
  const heard = [...byRecording].filter(([, { words }]) => words.size > 0);
  heard.sort(([, a], [, b]) => a.began - b.began);
  return { heard: heard.map(([recording]) => recording), byRecording, runs };
}

/** The words of a run as a key; undefined if the text ends before. */
export function runAt(words: readonly string[], at: number): string | undefined {
  return at + RUN_WORDS > words.length ? undefined : words.slice(at, at + RUN_WORDS).join(' ');
}

/** Whether none of its results can have been lost. */
export function cameToItsEnd(conversation: Conversation): boolean {
  const { clientClose, serverClose, heard } = conversation;
  if (!isWhole(conversation)) return false;
  if (!isFetching(conversation)) return (clientClose ?? serverClose) !== undefined;
  // Only the server knows when the stream has ended.
  const close = serverLeavingOf(conversation);
  const isInOrder = close !== undefined && IN_ORDER.includes(close.event.code);
  return isInOrder && !heard.some(({ message }) => message.kind === 'error');
}

/** Sessions that ended before the next one began, and began after all earlier ones had ended. */
function aloneAmong(talks: readonly Talk[]): readonly Talk[] {
  const spans = talks
    .map((talk) => ({
      talk,
      from: talk.conversation.moments[0]?.index ?? 0,
      to: talk.conversation.moments.at(-1)?.index ?? 0,
    }))
    .sort((a, b) => a.from - b.from);
  let endedAt = -1;
  return spans.flatMap(({ talk, from, to }, i) => {
    const isAlone = from > endedAt && (spans[i + 1]?.from ?? Infinity) > to;
    endedAt = Math.max(endedAt, to);
    return isAlone ? [talk] : [];
  });
}
