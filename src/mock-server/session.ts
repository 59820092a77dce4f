import { assume, hear, hearFormat, onsetAt, WINDOW_MS, type Ear, type Heard } from '../audio/ear.ts';
import { detect, UNHEARD, type SpeechDetector } from '../audio/speech.ts';
import type { SourceChunk } from '../audio/source.ts';
import type { Problem, ServerSay, ServerScript, Step } from '../scenario/script.ts';
import { finish, recognise, unremarkableMs, UNRECOGNISED, type Recognition } from './recognise.ts';

/** What a client can say, whatever the dialect. */
export type ClientInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'flush'; readonly id: string | null }
  | { readonly kind: 'audio'; readonly bytes: Uint8Array }
  /** A message that means nothing, and why, in words for the one who wrote the client. */
  | { readonly kind: 'unreadable'; readonly message: string };

export type Input =
  | ClientInput
  | { readonly kind: 'open' }
  | { readonly kind: 'tick' }
  | { readonly kind: 'source'; readonly chunk: SourceChunk }
  | { readonly kind: 'source-end' }
  | { readonly kind: 'source-failed'; readonly problem: Problem; readonly message: string };

export type Effect =
  | { readonly kind: 'say'; readonly say: ServerSay }
  /** Starts the closing handshake: a normal end, or the end after an error. */
  | { readonly kind: 'close'; readonly problem: Problem | undefined };

export interface SessionState {
  /** The step that the session is in; it waits there, or it has ended. */
  readonly at: number;
  readonly ended: boolean;
  readonly ear: Ear;
  readonly detector: SpeechDetector;
  readonly recognition: Recognition;
  /** When the session wants a tick if nothing else happens. It never lies earlier than in the state before. */
  readonly dueMs: number | undefined;
}

export interface Outcome {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}

const NO_EFFECTS: readonly Effect[] = [];

/** The answer to the command stop, once nothing is left to say. */
const STOPPED: Effect = { kind: 'say', say: { kind: 'state', state: 'stopped' } };

/** A session before it is open. */
export function newSession(ear: Ear): SessionState {
  return { at: -1, ended: false, ear, detector: UNHEARD, recognition: UNRECOGNISED, dueMs: undefined };
}

/**
 * The session engine: what a session is after an input, and what the server does about it. Pure: the same
 * script, state, input and time give the same outcome. `nowMs` is scenario time.
 */
export function step(script: ServerScript, state: SessionState, input: Input, nowMs: number): Outcome {
  // After the last word the client's messages are already on their way; there is nothing left to say to them.
  if (state.ended) return { state, effects: NO_EFFECTS };
  if (input.kind === 'unreadable') return fail(state, 'invalid-request', input.message);
  if (input.kind === 'source-failed') return fail(state, input.problem, input.message);
  if (input.kind === 'open') return goOn(script, state, nowMs);

  const current = script.steps[state.at];
  if (input.kind === 'tick') return tick(script, state, current, nowMs);
  if (current?.kind === 'await') return awaited(script, state, current, input, nowMs);
  if (current?.kind === 'transcribe') return transcribe(script, state, current, input, nowMs);
  return { state, effects: NO_EFFECTS };
}

type Await = Extract<Step, { kind: 'await' }>;
type Transcribe = Extract<Step, { kind: 'transcribe' }>;
type Message = Exclude<Input, { kind: 'open' | 'tick' | 'unreadable' | 'source-failed' }>;

/** Does one step after the other until one waits. */
function goOn(script: ServerScript, state: SessionState, nowMs: number): Outcome {
  const effects: Effect[] = [];
  for (let at = state.at + 1; at < script.steps.length; at++) {
    const next = script.steps[at];
    switch (next?.kind) {
      case 'say':
        effects.push({ kind: 'say', say: next.say });
        break;
      case 'await':
        return { state: { ...state, at, dueMs: nowMs + next.limitMs }, effects };
      case 'transcribe':
        return { state: { ...state, at, dueMs: nowMs + next.idleMs }, effects };
      case 'fail': {
        const failed = fail(state, next.problem, next.message);
        return { ...failed, effects: [...effects, ...failed.effects] };
      }
      case 'close':
      case undefined:
        return { state: end(state), effects: [...effects, { kind: 'close', problem: undefined }] };
    }
  }
  return { state: end(state), effects: [...effects, { kind: 'close', problem: undefined }] };
}

function tick(script: ServerScript, state: SessionState, current: Step | undefined, nowMs: number): Outcome {
  if (state.dueMs === undefined || nowMs < state.dueMs) return { state, effects: NO_EFFECTS };
  if (current?.kind === 'await') return fail(state, 'timeout', current.late);
  if (current?.kind !== 'transcribe') return { state, effects: NO_EFFECTS };
  const seconds = current.idleMs / 1000;
  const rest = finish(state.recognition, script.speakers);
  const failed = fail(state, 'timeout', `Connection timeout: no audio for ${seconds} seconds`);
  return { ...failed, effects: [...rest.says.map(toSay), ...failed.effects] };
}

function awaited(
  script: ServerScript,
  state: SessionState,
  current: Await,
  input: Message,
  nowMs: number,
): Outcome {
  if (current.what === 'source') {
    switch (input.kind) {
      case 'source': {
        const open = goOn(script, state, nowMs);
        const heard = step(script, open.state, input, nowMs);
        return { state: heard.state, effects: [...open.effects, ...heard.effects] };
      }
      case 'source-end':
        return fail(state, 'source', 'Invalid stream: it ended before any audio came');
      case 'stop':
        return { state: end(state), effects: [STOPPED, { kind: 'close', problem: undefined }] };
      default:
        return { state, effects: NO_EFFECTS };
    }
  }
  switch (input.kind) {
    case 'start':
      return goOn(script, state, nowMs);
    case 'audio':
      return fail(state, 'invalid-request', 'Audio before the start command: send {"action":"start"} first');
    case 'stop':
      return fail(state, 'invalid-request', 'Stop before start: there is nothing to stop');
    default:
      return { state, effects: NO_EFFECTS };
  }
}

function transcribe(
  script: ServerScript,
  state: SessionState,
  current: Transcribe,
  input: Message,
  nowMs: number,
): Outcome {
  switch (input.kind) {
    case 'start':
      return fail(state, 'invalid-request', 'Already started: a connection is started once');
    case 'audio':
      return listen(script, state, hear(state.ear, input.bytes, nowMs), nowMs + current.idleMs);
    case 'source': {
      const heard =
        input.chunk.kind === 'pcm'
          ? hearFormat(state.ear, input.chunk.format, input.chunk.bytes)
          : assume(state.ear, input.chunk.durationMs);
      return listen(script, state, heard, nowMs + current.idleMs);
    }
    case 'flush': {
      const { recognition, says } = finish(state.recognition, script.speakers);
      const flushed: Effect = { kind: 'say', say: { kind: 'flushed', id: input.id } };
      return { state: { ...state, recognition }, effects: [...says.map(toSay), flushed] };
    }
    case 'stop':
    case 'source-end': {
      const { recognition, says } = finish(state.recognition, script.speakers);
      const rest = goOn(script, { ...state, recognition }, nowMs);
      const stopped = input.kind === 'stop' ? [STOPPED] : [];
      return { ...rest, effects: [...says.map(toSay), ...stopped, ...rest.effects] };
    }
  }
}

/** Recognises what was heard, one window after the other. */
function listen(script: ServerScript, state: SessionState, { ear, powers }: Heard, dueMs: number): Outcome {
  if (ear.state.kind === 'deaf') {
    return fail(state, 'invalid-request', `Unsupported audio: ${ear.state.reason}`);
  }
  const { voice, speakers } = script;
  let { detector, recognition } = state;
  const effects: Effect[] = [];
  const recogniseUpTo = (nowMs: number, spokenMs: number, undecidedMs: number) => {
    const hearing = { voice, speakers, onset: onsetAt(ear, nowMs) };
    const recognised = recognise(recognition, hearing, nowMs, { spokenMs, undecidedMs });
    recognition = recognised.recognition;
    for (const say of recognised.says) effects.push({ kind: 'say', say });
  };
  let windowEndMs = ear.positionMs - powers.length * WINDOW_MS;
  // Most windows are the middle of a word: they are gathered and recognised in one go.
  let gatheredMs = 0;
  let roomMs = unremarkableMs(recognition);
  for (const power of powers) {
    const detected = detect(detector, power);
    detector = detected.detector;
    windowEndMs += WINDOW_MS;
    if (detected.spokenMs === WINDOW_MS && gatheredMs + WINDOW_MS < roomMs) {
      gatheredMs += WINDOW_MS;
      continue;
    }
    if (gatheredMs > 0) recogniseUpTo(windowEndMs - WINDOW_MS, gatheredMs, 0);
    gatheredMs = 0;
    recogniseUpTo(windowEndMs, detected.spokenMs, detected.undecidedMs);
    roomMs = unremarkableMs(recognition);
  }
  if (gatheredMs > 0) recogniseUpTo(windowEndMs, gatheredMs, 0);
  const { at, ended } = state;
  // Spelled out: copying an object with a spread costs more than all the rest of a frame.
  return { state: { at, ended, ear, detector, recognition, dueMs }, effects };
}

function fail(state: SessionState, problem: Problem, message: string): Outcome {
  return {
    state: end(state),
    effects: [
      { kind: 'say', say: { kind: 'error', problem, message } },
      { kind: 'close', problem },
    ],
  };
}

function end(state: SessionState): SessionState {
  return { ...state, ended: true, dueMs: undefined };
}

function toSay(say: ServerSay): Effect {
  return { kind: 'say', say };
}
