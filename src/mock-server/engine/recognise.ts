import { WINDOW_MS } from '../../audio/format.ts';
import type { Onset } from '../../audio/onset.ts';
import type { Pace, ServerSay, Utterance, Voice, Word } from '../../scenario/script.ts';
import type { Detected } from '../../audio/speech.ts';
import { stability } from '../../generate/stability.ts';

/** The documents give the first two only roughly (S0:38, S0:56), the last one not at all. */
export const PACE: Pace = { partialMs: 200, finalWords: 15, finalMs: 30_000, pauseMs: 800 };

/**
 * The made-up recogniser: it receives the windows of the audio that are speech and turns them into words, partials and
 * finals. All times are milliseconds on the audio clock.
 */
export interface Recognition {
  /** The number of the next word of this connection. */
  readonly nextWord: number;
  /** That word, kept because silence asks for it with every window. */
  readonly next: Utterance | undefined;
  /** The number of pauses so far, at which made-up speakers take turns. */
  readonly turns: number;
  readonly segment: Segment | undefined;
  /** The open turn, if speech comes in turns. */
  readonly turn?: Turn | undefined;
}

/** An open turn: what was said in it before the open segment. */
export interface Turn {
  readonly words: readonly Word[];
  /** Whether the last message about it was a candidate. */
  readonly isCandidate: boolean;
}

interface Segment {
  readonly startMs: number;
  /** Whether its words come from a transcript, so that made-up ones must not join them. */
  readonly known: boolean;
  readonly words: readonly Word[];
  /** The word that is being spoken. */
  readonly saying: Saying | undefined;
  /** Where the last speech ended, and how much speech there was since the last partial. */
  readonly spokenToMs: number;
  readonly sincePartialMs: number;
  readonly partials: number;
}

interface Saying {
  readonly utterance: Utterance;
  readonly startMs: number;
  readonly spokenMs: number;
}

/** Before any audio. */
export const UNRECOGNISED: Recognition = { nextWord: 0, next: undefined, turns: 0, segment: undefined };

/** What the recogniser needs apart from its state. */
export interface Hearing {
  readonly voice: Voice;
  /** How the audio began, if that is known already. */
  readonly onset: Onset | undefined;
  /** How many made-up speakers take turns; with 0, finals name none. */
  readonly speakers: number;
  readonly pace: Pace;
}

type Timed = Extract<Utterance, { kind: 'timed' }>;
type Paced = Extract<Utterance, { kind: 'paced' }>;

/** What the speech detector made of a window. */
export type Spoken = Pick<Detected, 'spokenMs' | 'undecidedMs'>;

/** What was recognised, and how recognition goes on. */
export type Recognised = { readonly recognition: Recognition; readonly says: readonly ServerSay[] };

const NOTHING: readonly ServerSay[] = [];
const NO_WORDS: readonly Word[] = [];

/** Hears the window that ends at `nowMs`. */
export function recognise(before: Recognition, hearing: Hearing, nowMs: number, spoken: Spoken): Recognised {
  const { onset, speakers, pace } = hearing;
  if (onset === undefined) return { recognition: before, says: NOTHING };
  const recognition = sayWords(before, hearing, onset, nowMs, spoken);
  const { segment } = recognition;
  if (segment === undefined) return { recognition, says: NOTHING };
  // A pause ends where speech may have begun again, although that is not certain yet.
  const paused = nowMs - spoken.undecidedMs - segment.spokenToMs >= pace.pauseMs;
  if (isOver(segment, pace, nowMs, paused)) return finalise(recognition, segment, speakers, paused);
  if (segment.sincePartialMs < pace.partialMs) return { recognition, says: NOTHING };
  const told: Segment = {
    ...segment,
    sincePartialMs: segment.sincePartialMs % pace.partialMs,
    partials: segment.partials + 1,
  };
  return { recognition: { ...recognition, segment: told }, says: [partial(told, told.partials)] };
}

/**
 * As long as no more than this much further speech follows, in milliseconds, nothing changes except how much of a word
 * was heard: such windows may be passed to recognise() in one call.
 */
export function unremarkableMs({ segment }: Recognition, pace: Pace, nowMs: number): number {
  const saying = segment?.saying;
  if (segment === undefined || saying?.utterance.kind !== 'paced') return 0;
  const { startMs, sincePartialMs } = segment;
  return Math.min(
    saying.utterance.spokenMs - saying.spokenMs,
    pace.partialMs - sincePartialMs,
    pace.finalMs - (nowMs - startMs),
  );
}

/** Ends the segment that is open, as a pause would: for a flush, a stop, or the end of a stream. */
export function finish(recognition: Recognition, speakers: number): Recognised {
  const { segment } = recognition;
  return segment === undefined
    ? { recognition, says: NOTHING }
    : finalise(recognition, segment, speakers, true);
}

/**
 * Begins, continues and ends words within one window. It runs fifty times a second for every connection, so it
 * works on variables, and makes one new state at the end, field by field (a spread is several times slower).
 */
function sayWords(
  recognition: Recognition,
  { voice, pace }: Pick<Hearing, 'voice' | 'pace'>,
  onset: Onset,
  nowMs: number,
  { spokenMs, undecidedMs }: Spoken,
): Recognition {
  const isLoud = spokenMs + undecidedMs > 0;
  const open = recognition.segment;
  if (!isLoud && open?.saying?.utterance.kind !== 'timed') return recognition;
  let { nextWord, next } = recognition;
  let startMs = open?.startMs;
  let known = open?.known ?? false;
  let words = open?.words ?? NO_WORDS;
  let saying = open?.saying;
  let spokenToMs = open?.spokenToMs ?? 0;
  let heardMs = 0;
  // Known words may be shorter than a window. Each has its own length, and a final takes at most its number of words.
  while (words.length < pace.finalWords) {
    if (saying === undefined) {
      next ??= voice(onset, nextWord);
      const begun =
        next.kind === 'timed'
          ? beginsAt(next, nowMs, isLoud)
          : beginsNow(next, known && startMs !== undefined, spokenToMs, nowMs, spokenMs);
      if (begun === 'later') break;
      if (begun !== 'never') {
        saying = { utterance: next, startMs: begun, spokenMs: 0 };
        if (startMs === undefined) known = next.kind === 'timed';
        startMs ??= begun;
      }
      nextWord += 1;
      next = undefined;
      if (saying === undefined) continue;
    }
    const { utterance } = saying;
    if (utterance.kind === 'paced') {
      if (spokenMs > 0) {
        heardMs = spokenMs;
        spokenToMs = nowMs;
        saying = { utterance, startMs: saying.startMs, spokenMs: saying.spokenMs + spokenMs };
        if (saying.spokenMs >= utterance.spokenMs) {
          words = [...words, wordOf(saying, nowMs)];
          saying = undefined;
        }
      }
      break;
    }
    heardMs = WINDOW_MS;
    spokenToMs = Math.min(nowMs, utterance.endMs);
    if (nowMs < utterance.endMs) break;
    words = [...words, wordOf(saying, spokenToMs)];
    saying = undefined;
  }
  const { turns } = recognition;
  if (startMs === undefined) return { nextWord, next, turns, segment: undefined };
  const sincePartialMs = (open?.sincePartialMs ?? 0) + heardMs;
  const partials = open?.partials ?? 0;
  const segment = { startMs, known, words, saying, spokenToMs, sincePartialMs, partials };
  return { nextWord, next, turns, segment };
}

/** Where a known word begins, if something is heard while it is due; a recording may be cut off. */
function beginsAt({ startMs, endMs }: Timed, nowMs: number, isLoud: boolean): number | 'later' | 'never' {
  if (startMs >= nowMs) return 'later';
  if (endMs <= nowMs - WINDOW_MS) return 'never';
  return isLoud ? startMs : 'later';
}

/** Where a made-up word begins, if speech is heard. */
function beginsNow(
  { fromMs = 0 }: Paced,
  afterKnown: boolean,
  spokenToMs: number,
  nowMs: number,
  spokenMs: number,
): number | 'later' {
  // Sound after the last known word belongs to the end of that word; it is not a made-up word.
  if (spokenMs === 0 || afterKnown || nowMs - spokenMs < fromMs) return 'later';
  return Math.max(nowMs - spokenMs, spokenToMs);
}

/** A word of a transcript is never cut; a made-up one is cut by a pause or by the 30 s limit. */
function isOver(segment: Segment, pace: Pace, nowMs: number, paused: boolean): boolean {
  if (segment.saying?.utterance.kind === 'timed') return false;
  return paused || segment.words.length >= pace.finalWords || nowMs - segment.startMs >= pace.finalMs;
}

function finalise(recognition: Recognition, segment: Segment, speakers: number, paused: boolean): Recognised {
  const { startMs } = segment;
  const words = wordsOf(segment);
  const speaker = speakers > 0 ? { speaker: `Speaker ${1 + (recognition.turns % speakers)}` } : {};
  const final: ServerSay = { kind: 'final', words, startMs, ...speaker };
  return {
    recognition: {
      ...recognition,
      turns: recognition.turns + (paused ? 1 : 0),
      segment: undefined,
    },
    // The first result of a connection is a partial (S0:38), however short its first segment is.
    says: segment.partials === 0 ? [partial(segment, 1), final] : [final],
  };
}

function partial(segment: Segment, updates: number): ServerSay {
  return {
    kind: 'partial',
    words: wordsOf(segment),
    startMs: segment.startMs,
    stability: stability(updates),
  };
}

/** All words of a segment; the one being spoken as far as it was heard. */
function wordsOf({ words, saying, spokenToMs }: Segment): readonly Word[] {
  return saying === undefined ? words : [...words, wordOf(saying, spokenToMs)];
}

function wordOf({ utterance, startMs }: Saying, endMs: number): Word {
  const { text, confidence } = utterance;
  const word = { text, startMs, endMs: Math.max(startMs, endMs), confidence };
  const language = utterance.kind === 'timed' ? utterance.language : undefined;
  return language === undefined ? word : { ...word, language };
}
