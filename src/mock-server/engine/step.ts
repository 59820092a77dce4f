import { filledText } from '../../scenario/placeholders.ts';
import type { Problem, ServerSay, ServerScript, Step } from '../../scenario/script.ts';
import { holds, type Told } from '../../scenario/told.ts';
import { filled } from './fill.ts';
import { hold, NONE_HELD } from './hold.ts';
import { delay, isPrompt } from './lateness.ts';
import type { Effect, Input, Message } from './messages.ts';
import { beginProgress, dueOf, NO_PROGRESS, whenDue } from './progress.ts';
import { added, EMPTY, joined, taken } from './queue.ts';
import type { StepResult, SessionState } from './state.ts';
import { settle, transcribe } from './transcribe.ts';
import { recogniserOf } from './turns.ts';

const NO_EFFECTS: readonly Effect[] = [];

/** The maximum size of messages that no step has taken yet; a client that exceeds it has its session ended. */
const MOST_PENDING_BYTES = 16 * 2 ** 20;
const MOST_PENDING = 10_000;

/** The answer to the stop command, once everything has been sent. */
const STOPPED: Effect = { kind: 'say', say: { kind: 'state', state: 'stopped' } };

/**
 * The session engine: the state of a session after an input, and what the server does about it. Pure: the same script,
 * state, input and time give the same result. `nowMs` is scenario time.
 */
export function step(script: ServerScript, state: SessionState, input: Input, nowMs: number): StepResult {
  const outcome = holdBack(script, act(script, state, input, nowMs), nowMs);
  const { effects } = outcome;
  // Most sessions are never delayed, and this runs for every frame.
  if (isPrompt(state.lateness) && !effects.some(({ kind }) => kind === 'latency')) return outcome;
  const late = delay(script.seed, state.lateness, effects, nowMs);
  return { state: { ...outcome.state, lateness: late.lateness }, effects: late.effects };
}

function holdBack(script: ServerScript, outcome: StepResult, nowMs: number): StepResult {
  const { state } = outcome;
  // This also runs for every frame.
  if (outcome.effects.length === 0 && state.held === NONE_HELD) return outcome;
  const { held, effects } = hold(state.held, outcome.effects, nowMs);
  // A session that hangs sends nothing more.
  const isHung = script.steps[state.at]?.kind === 'hang';
  if (held === state.held && !isHung) return outcome;
  return { state: { ...state, held: isHung ? NONE_HELD : held }, effects };
}

function act(script: ServerScript, state: SessionState, input: Input, nowMs: number): StepResult {
  // After the last message the client's messages do not matter: there is nothing left to send.
  if (state.ended) return { state, effects: NO_EFFECTS };
  const current = script.steps[state.at];
  if (input.kind === 'open') return goOn(script, { ...state, openedMs: nowMs }, nowMs, NO_EFFECTS);
  if (input.kind === 'tick') return tick(script, state, current, nowMs);
  if (current === undefined || current.kind === 'hang') return { state, effects: NO_EFFECTS };
  if (input.kind === 'unreadable') return fail(state, 'invalid-request', input.message);
  if (input.kind === 'start' && input.refusal !== undefined)
    return fail(state, 'unauthorized', input.refusal);
  if (input.kind === 'source-failed') return fail(state, input.problem, input.message);
  if (state.pending.length > 0 || !isOpenFor(current)) return keep(script, state, input);
  return takeAll(script, take(script, state, current, input, nowMs), nowMs);
}

type Await = Extract<Step, { kind: 'await' }>;
type Transcribe = Extract<Step, { kind: 'transcribe' }>;

function isOpenFor(current: Step): current is Await | Transcribe {
  return current.kind === 'await' || current.kind === 'transcribe';
}

/** Keeps for later what the step does not take, if there is a later step that does. */
function keep(script: ServerScript, state: SessionState, input: Message): StepResult {
  if (!script.steps.some((later, i) => i > state.at && isOpenFor(later)))
    return { state, effects: NO_EFFECTS };
  return bounded({ ...state, pending: added(state.pending, input) });
}

/** Ends a session that keeps more than it may. */
function bounded(state: SessionState): StepResult {
  const { unheard, pending } = state;
  const byteCount = unheard.byteCount + pending.byteCount;
  const isWithin = byteCount <= MOST_PENDING_BYTES && unheard.length + pending.length <= MOST_PENDING;
  if (isWithin) return { state, effects: NO_EFFECTS };
  return fail(state, 'internal', 'Too much was sent while the scenario waited');
}

/** Lets the steps take pending messages until a step does not take one. */
function takeAll(script: ServerScript, outcome: StepResult, nowMs: number): StepResult {
  let { state } = outcome;
  if (state.pending.length === 0) return outcome;
  const effects = [...outcome.effects];
  while (!state.ended) {
    const current = script.steps[state.at];
    const next = taken(state.pending);
    if (next === undefined || current === undefined || !isOpenFor(current)) break;
    const after = take(script, { ...state, pending: next.rest }, current, next.message, nowMs);
    state = after.state;
    effects.push(...after.effects);
  }
  return { state, effects };
}

function take(
  script: ServerScript,
  before: SessionState,
  current: Await | Transcribe,
  input: Message,
  nowMs: number,
): StepResult {
  const state = listenTo(before, input);
  if (current.kind === 'await') return awaited(script, state, current, input, nowMs);
  const heard = transcribe(script, state, current, input, nowMs);
  switch (heard.then) {
    case 'stay':
      return heard;
    case 'go-on':
      return goOn(script, heard.state, nowMs, heard.effects);
    case 'stop':
      return end(heard.state, [...heard.effects, STOPPED, { kind: 'close', problem: undefined }]);
    case 'end':
      return end(heard.state, [...heard.effects, { kind: 'close', problem: undefined }]);
    case 'bad-request':
      return fail(heard.state, 'invalid-request', heard.message, heard.effects);
  }
}

/** Remembers what the client has said, for the steps that depend on it. */
function listenTo(state: SessionState, input: Message): SessionState {
  if (input.kind !== 'start' && input.kind !== 'stop' && input.kind !== 'flush') return state;
  const { message = {} } = input;
  const said =
    input.kind === 'start'
      ? { message, start: message }
      : input.kind === 'flush'
        ? { message, id: input.id }
        : { message };
  // Assigned to a literal: fields that are added to a copy would give it a hidden class of its own.
  const told: Told = Object.assign({ message, ...state.told }, said);
  return { ...state, told };
}

/** Runs one step after the other until one waits. */
function goOn(
  script: ServerScript,
  from: SessionState,
  nowMs: number,
  before: readonly Effect[],
): StepResult {
  const effects = [...before];
  const { told } = from;
  const sinceMs = { step: nowMs, connection: from.openedMs, server: 0 };
  let { recognition, pending, unheard } = leaving(script, from);
  const stay = (at: number, stepDueMs: number | undefined, progress = NO_PROGRESS): StepResult => ({
    state: { ...from, recognition, pending, unheard, at, stepDueMs, progress },
    effects,
  });
  for (let at = from.at + 1; at < script.steps.length; at++) {
    const next = filled(script.steps[at], told);
    switch (next?.kind) {
      case 'when': {
        const ages = { connection: nowMs - sinceMs.connection, server: nowMs };
        if (!holds(next.condition, told, ages)) at += next.otherwiseSkip;
        break;
      }
      case 'skip':
        at += next.steps;
        break;
      case 'say':
      case 'frame':
      case 'bytes':
      case 'latency':
        effects.push(next);
        break;
      case 'finish': {
        const rest = recogniserOf(script.turns).finish(recognition, script.speakers);
        recognition = rest.recognition;
        effects.push(...rest.says.map(toSay));
        break;
      }
      case 'wait':
        return stay(at, nowMs + next.ms);
      case 'wait-until': {
        const dueMs = sinceMs[next.since] + next.ms;
        if (dueMs > nowMs) return stay(at, dueMs);
        break;
      }
      case 'await':
        if (next.bytes !== undefined && from.awaitedBytes >= next.bytes) break;
        return stay(at, nowMs + next.limitMs);
      case 'transcribe': {
        // A word that was asked for and not begun belongs to the previous step.
        recognition = { ...recognition, next: undefined };
        const startedMs = sinceMs[next.until?.timeSince ?? 'step'];
        if (next.until?.timeMs !== undefined && startedMs + next.until.timeMs <= nowMs) break;
        if (next.words !== undefined) {
          // A step has its own words only: what is open ends here.
          const rest = recogniserOf(script.turns).finish(recognition, script.speakers);
          recognition = rest.recognition;
          effects.push(...rest.says.map(toSay));
        }
        pending = joined(unheard, pending);
        unheard = EMPTY;
        const progress = beginProgress(next, from.ear, recognition, startedMs);
        return stay(at, dueOf(next, progress, nowMs), progress);
      }
      case 'stall':
        effects.push({ kind: 'read', isReading: false });
        return stay(at, next.ms === undefined ? undefined : nowMs + next.ms);
      case 'hang':
        return stay(at, undefined);
      case 'fail':
        return fail({ ...from, recognition }, next.problem, next.message, effects);
      case 'abort':
        return end(from, [...effects, next]);
      case 'close': {
        const { code, reason = '' } = next;
        const close: Effect =
          code === undefined ? { kind: 'close', problem: undefined } : { kind: 'close-with', code, reason };
        return end(from, [...effects, close]);
      }
      case undefined:
    }
  }
  return end(from, [...effects, { kind: 'close', problem: undefined }]);
}

/** Messages that a step has suppressed are not sent by later steps. */
function leaving(script: ServerScript, state: SessionState): SessionState {
  const left = script.steps[state.at];
  if (left?.kind !== 'transcribe' || left.distortion?.finals !== 'none') return state;
  return { ...state, recognition: { ...state.recognition, segment: undefined, turn: undefined } };
}

function tick(
  script: ServerScript,
  state: SessionState,
  current: Step | undefined,
  nowMs: number,
): StepResult {
  const { stepDueMs } = state;
  if (stepDueMs === undefined || nowMs < stepDueMs) return { state, effects: NO_EFFECTS };
  switch (current?.kind) {
    // Later steps count from when the wait was due, not from when a timer fired.
    case 'wait':
    case 'wait-until':
      return takeAll(script, goOn(script, state, stepDueMs, NO_EFFECTS), nowMs);
    case 'stall':
      return takeAll(script, goOn(script, state, stepDueMs, [{ kind: 'read', isReading: true }]), nowMs);
    case 'await':
      return fail(state, 'timeout', filledText(current.late, state.told));
    case 'transcribe': {
      if (whenDue(current, state.progress, stepDueMs) === 'go-on') {
        const { state: over, effects } = settle(script, state, current);
        return takeAll(script, goOn(script, over, stepDueMs, effects), nowMs);
      }
      const settled = settle(script, state, current);
      const rest = recogniserOf(script.turns).finish(settled.state.recognition, script.speakers);
      const seconds = current.idleMs / 1000;
      const message = `Connection timeout: no audio for ${seconds} seconds`;
      return fail(settled.state, 'timeout', message, [...settled.effects, ...rest.says.map(toSay)]);
    }
    default:
      return { state, effects: NO_EFFECTS };
  }
}

function awaited(
  script: ServerScript,
  before: SessionState,
  current: Await,
  input: Message,
  nowMs: number,
): StepResult {
  const { what, count } = current;
  const awaitedBytes = before.awaitedBytes + (input.kind === 'audio' ? input.bytes.length : 0);
  const state = input.kind === 'audio' ? { ...before, awaitedBytes } : before;
  const isAudio = input.kind === 'audio' || input.kind === 'source';
  if (what === 'source' && input.kind === 'source-end') {
    return fail(state, 'source', 'Invalid stream: it ended before any audio came');
  }
  if (what === 'start' && input.kind === 'audio') {
    return fail(state, 'invalid-request', 'Audio before the start command: send {"action":"start"} first');
  }
  if (what === 'start' && input.kind === 'stop') {
    return fail(state, 'invalid-request', 'Stop before start: there is nothing to stop');
  }
  if (
    what === 'stop'
      ? input.kind === 'stop' || input.kind === 'source-end'
      : what === input.kind || (what === 'audio' && isAudio)
  ) {
    const { progress } = state;
    const seen = progress.seen + 1;
    // Audio that was waited for is not lost: the next step that recognises gets it.
    const isHeard = isAudio && script.steps.some((later, i) => i > state.at && later.kind === 'transcribe');
    const unheard = isHeard ? added(state.unheard, input) : state.unheard;
    const next = { ...state, unheard, progress: { ...progress, seen } };
    if (seen < count || awaitedBytes < (current.bytes ?? 0)) return bounded(next);
    return goOn(script, next, nowMs, NO_EFFECTS);
  }
  if (input.kind === 'stop' || input.kind === 'source-end') {
    const rest = recogniserOf(script.turns).finish(state.recognition, script.speakers);
    const stopped = input.kind === 'stop' ? [STOPPED] : [];
    return end(state, [...rest.says.map(toSay), ...stopped, { kind: 'close', problem: undefined }]);
  }
  return { state, effects: NO_EFFECTS };
}

function fail(
  state: SessionState,
  problem: Problem,
  message: string,
  before: readonly Effect[] = NO_EFFECTS,
): StepResult {
  const error: Effect = { kind: 'say', say: { kind: 'error', problem, message } };
  return end(state, [...before, error, { kind: 'close', problem }]);
}

function end(state: SessionState, effects: readonly Effect[]): StepResult {
  return {
    state: {
      ...state,
      ended: true,
      stepDueMs: undefined,
      pending: EMPTY,
      unheard: EMPTY,
      progress: NO_PROGRESS,
    },
    effects,
  };
}

function toSay(say: ServerSay): Effect {
  return { kind: 'say', say };
}
