import type { Ear } from '../../audio/ear.ts';
import { assume, bytesToWindowEnd, hear, hearFormat, type EarOutput } from '../../audio/hear.ts';
import type { ServerSay, ServerScript, Step, Utterance, Voice } from '../../scenario/script.ts';
import { distort } from './distort.ts';
import { attentive, identify } from './identify.ts';
import { dueOf, isCounted, isWatched, type StepProgress } from './progress.ts';
import { listenTo } from './listening.ts';
import type { Recognition } from './recognise.ts';
import { preceded } from './queue.ts';
import { recogniserOf } from './turns.ts';
import type { SessionState } from './state.ts';
import type { Effect, Message } from './messages.ts';

type Transcribe = Extract<Step, { kind: 'transcribe' }>;

/** The effects of a message, and how the session goes on. */
export type Transcribed = { readonly state: SessionState; readonly effects: readonly Effect[] } & (
  | { readonly then: 'stay' | 'go-on' | 'stop' | 'end' }
  | { readonly then: 'bad-request'; readonly message: string }
);

/** Used while the format is not known; afterwards a slice ends with its window. */
const SLICE_BYTES = 160;

const NO_EFFECTS: readonly Effect[] = [];

/** Gives a message to a step that recognises. */
export function transcribe(
  script: ServerScript,
  state: SessionState,
  current: Transcribe,
  input: Message,
  nowMs: number,
): Transcribed {
  switch (input.kind) {
    case 'start':
      return bad(state, 'Already started: a connection is started once');
    case 'audio':
      if (isWatched(current)) return hearSlice(script, state, current, input.bytes, nowMs);
      return listen(script, state, current, hear(earOf(script, state), input.bytes, nowMs), nowMs);
    case 'source': {
      const heard =
        input.chunk.kind === 'pcm'
          ? hearFormat(earOf(script, state), input.chunk.format, input.chunk.bytes)
          : assume(state.ear, input.chunk.durationMs);
      return over(script, current, listen(script, state, current, heard, nowMs));
    }
    case 'flush': {
      const settled = settle(script, state, current);
      const said = flush(script, settled.state, current, input.id);
      const { progress } = said.state;
      const counted = { ...said.state, progress: { ...progress, flushes: progress.flushes + 1 } };
      const effects = [...settled.effects, ...said.effects];
      return over(script, current, { state: counted, effects, then: 'stay' });
    }
    case 'stop':
    case 'source-end': {
      if (current.until?.stop === true) return { state, effects: NO_EFFECTS, then: 'go-on' };
      const settled = settle(script, state, current);
      const { recognition, says } = recogniserOf(script.turns).finish(
        settled.state.recognition,
        script.speakers,
      );
      const said = tell(current, { ...settled.state, recognition }, says);
      const effects = [...settled.effects, ...said.effects];
      return { state: said.state, effects, then: input.kind === 'stop' ? 'stop' : 'end' };
    }
  }
}

/** Ends what is open, and confirms it. Where there are turns, the end of a turn is the only answer. */
function flush(
  { turns, speakers }: ServerScript,
  state: SessionState,
  current: Transcribe,
  id: string | null,
): { state: SessionState; effects: readonly Effect[] } {
  if (turns !== undefined && current.distortion?.flush === 'none') return { state, effects: NO_EFFECTS };
  const { recognition, says } = recogniserOf(turns).finish(state.recognition, speakers);
  const answer: readonly ServerSay[] = turns === undefined ? [...says, { kind: 'flushed', id }] : says;
  return tell(current, { ...state, recognition }, answer);
}

/** Hears the beginning of a frame; the rest is left for the next step. */
function hearSlice(
  script: ServerScript,
  before: SessionState,
  current: Transcribe,
  bytes: Uint8Array,
  nowMs: number,
): Transcribed {
  let state = before;
  const effects: Effect[] = [];
  for (let at = 0, end = 0; end < bytes.length || at === 0; at = end) {
    const wantedBytes = (current.until?.bytes ?? Infinity) - state.progress.bytes;
    const sliceBytes = bytesToWindowEnd(state.ear) ?? SLICE_BYTES;
    end = at + Math.min(sliceBytes, Math.max(1, wantedBytes));
    const slice = bytes.subarray(at, end);
    const isLast = end >= bytes.length;
    const heard = listen(script, state, current, hear(earOf(script, state), slice, nowMs), nowMs);
    if (heard.then === 'bad-request') return { ...heard, effects };
    const { progress } = heard.state;
    const counted = {
      ...progress,
      bytes: progress.bytes + slice.length,
      frames: progress.frames + (isLast ? 1 : 0),
    };
    const next = over(script, current, { ...heard, state: { ...heard.state, progress: counted } });
    state = next.state;
    // The end of the step may say more than what was heard.
    effects.push(...next.effects);
    if (next.then === 'stay') continue;
    if (isLast) return { ...next, effects };
    const rest: Message = { kind: 'audio', bytes: bytes.subarray(end) };
    return { ...next, state: { ...state, pending: preceded(rest, state.pending) }, effects };
  }
  return { state, effects, then: 'stay' };
}

/** Recognises what was heard, one window after the other. */
function listen(
  script: ServerScript,
  state: SessionState,
  current: Transcribe,
  output: EarOutput,
  nowMs: number,
): Transcribed {
  const { ear } = output;
  if (ear.state.kind === 'deaf') return bad(state, `Unsupported audio: ${ear.state.reason}`);
  const recogniser = recogniserOf(script.turns);
  const pace = current.pace === undefined ? recogniser.pace : { ...recogniser.pace, ...current.pace };
  const voice = current.words === undefined ? script.voice : voiceOf(current.words, state.progress.fromWord);
  const canIdentify = current.words === undefined && voice.recordings?.() !== undefined;
  const listener = { recogniser, voice, speakers: script.speakers, pace, canIdentify };
  const { detector, identity, recognition, says, spokenMs: allSpokenMs } = listenTo(state, listener, output);
  const { at, ended, openedMs, told, pending, unheard, awaitedBytes, held, lateness, progress } = state;
  const stepDueMs = dueOf(current, progress, nowMs);
  // Spelled out: copying an object with a spread costs more than everything else done for a frame.
  const heard = {
    at,
    ended,
    openedMs,
    told,
    ear,
    detector,
    identity,
    recognition,
    progress,
    pending,
    unheard,
    awaitedBytes,
    held,
    lateness,
    stepDueMs,
  };
  if (!isCounted(current)) return { state: heard, effects: saysAs(says), then: 'stay' };
  const spokenMs = progress.spokenMs + allSpokenMs;
  return { ...tell(current, { ...heard, progress: { ...progress, spokenMs } }, says), then: 'stay' };
}

/** Sends results as the step distorts them, and counts them. */
function tell(
  { distortion }: Transcribe,
  state: SessionState,
  says: readonly ServerSay[],
): { state: SessionState; effects: readonly Effect[] } {
  if (says.length === 0) return { state, effects: NO_EFFECTS };
  const { progress } = state;
  const told = distortion === undefined ? undefined : distort(distortion, progress.distorting, says);
  const said = told?.says ?? says;
  const count = (kind: ServerSay['kind']) => says.filter((say) => say.kind === kind).length;
  return {
    state: {
      ...state,
      progress: {
        ...progress,
        partials: progress.partials + count('partial'),
        finals: progress.finals + count('final'),
        candidates: progress.candidates + count('turn-end-candidate'),
        turns: progress.turns + count('turn-end'),
        distorting: told?.distorting ?? progress.distorting,
      },
    },
    effects: saysAs(said),
  };
}

/** Goes on when the step's end condition is met. */
function over(script: ServerScript, current: Transcribe, heard: Transcribed): Transcribed {
  if (heard.then !== 'stay') return heard;
  const { state } = heard;
  const { until, words } = current;
  const { progress, recognition } = state;
  if (words !== undefined && isSpoken(words, progress, recognition)) {
    const { recognition: after, says } = recogniserOf(script.turns).finish(recognition, script.speakers);
    const said = tell(current, { ...state, recognition: after }, says);
    return { state: said.state, effects: [...heard.effects, ...said.effects], then: 'go-on' };
  }
  const heardMs = state.ear.positionMs - progress.audioFromMs;
  const isOver =
    until !== undefined &&
    (reached(heardMs, until.audioMs) ||
      reached(progress.spokenMs, until.speechMs) ||
      reached(progress.bytes, until.bytes) ||
      reached(progress.frames, until.frames) ||
      reached(progress.partials, until.partials) ||
      reached(progress.finals, until.finals) ||
      reached(progress.candidates, until.candidates) ||
      reached(progress.turns, until.turns) ||
      reached(progress.flushes, until.flushes));
  if (!isOver) return heard;
  const settled = settle(script, state, current);
  return { state: settled.state, effects: [...heard.effects, ...settled.effects], then: 'go-on' };
}

/** Decides which recording it is from what is there, before anything other than more audio happens. */
export function settle(
  script: ServerScript,
  state: SessionState,
  current: Transcribe,
): { state: SessionState; effects: readonly Effect[] } {
  if (state.identity.waiting.length === 0) return { state, effects: NO_EFFECTS };
  const { voice, speakers } = script;
  const recogniser = recogniserOf(script.turns);
  const pace = { ...recogniser.pace, ...current.pace };
  const { identity, windows } = identify(state.identity, voice, state.ear, undefined);
  let { recognition } = state;
  const says: ServerSay[] = [];
  for (const { endMs, spoken } of windows) {
    const hearing = { voice, speakers, pace, onset: identity.onset };
    const recognised = recogniser.recognise(recognition, hearing, endMs, spoken);
    recognition = recognised.recognition;
    says.push(...recognised.says);
  }
  return tell(current, { ...state, identity, recognition }, says);
}

/** The ear of a session. It sketches only where recordings are known, and only until this one is identified. */
function earOf({ voice }: ServerScript, { ear, identity }: SessionState): Ear {
  return voice.recordings === undefined ? ear : attentive(ear, identity, voice);
}

function reached(value: number, limit: number | undefined): boolean {
  return limit !== undefined && value >= limit;
}

/** Whether all of a step's own words have been said. */
function isSpoken(
  words: readonly Utterance[],
  { fromWord }: StepProgress,
  recognition: Recognition,
): boolean {
  return recognition.nextWord >= fromWord + words.length && recognition.segment?.saying === undefined;
}

/** A step's own words. Asking for more of them is a bug, because the step has ended. */
function voiceOf(words: readonly Utterance[], fromWord: number): Voice {
  const last: Utterance = { kind: 'paced', text: '', spokenMs: Number.MAX_SAFE_INTEGER, confidence: 1 };
  return (_onset, index) => words[index - fromWord] ?? last;
}

function bad(state: SessionState, message: string): Transcribed {
  return { state, effects: NO_EFFECTS, then: 'bad-request', message };
}

function saysAs(says: readonly ServerSay[]): readonly Effect[] {
  return says.length === 0 ? NO_EFFECTS : says.map((say) => ({ kind: 'say', say }));
}
