import type { Ear } from '../../audio/ear.ts';
import { UNHEARD, type SpeechDetector } from '../../audio/speech.ts';
import { NOTHING_TOLD, type Told } from '../../scenario/told.ts';
import { heldDueMs, NONE_HELD, type Held } from './hold.ts';
import { PROMPT, type Lateness } from './lateness.ts';
import { UNIDENTIFIED, type Identity } from './identify.ts';
import type { Effect } from './messages.ts';
import { NO_PROGRESS, type StepProgress } from './progress.ts';
import { EMPTY, type Queue } from './queue.ts';
import { UNRECOGNISED, type Recognition } from './recognise.ts';

/** Everything that a session remembers. Times are milliseconds of scenario time. */
export interface SessionState {
  /** The step that the session is waiting in; beyond the last one, the script has ended. */
  readonly at: number;
  readonly ended: boolean;
  /** When the session was opened. */
  readonly openedMs: number;
  /** What the client has asked for, and what it has said that a step has taken. */
  readonly told: Told;
  readonly ear: Ear;
  readonly detector: SpeechDetector;
  /** Which recording the client sends. */
  readonly identity: Identity;
  readonly recognition: Recognition;
  /** What was seen since the step began. */
  readonly progress: StepProgress;
  /** What has come and no step has taken yet. */
  readonly pending: Queue;
  /** Audio for which a step waited, kept for the next step that recognises. */
  readonly unheard: Queue;
  /** Bytes of audio that came while steps waited for something. */
  readonly awaitedBytes: number;
  /** Finals that are held back. */
  readonly held: Held;
  readonly lateness: Lateness;
  /** When the step wants a tick if nothing else happens before. */
  readonly stepDueMs: number | undefined;
}

/** A session after an input, and what the server does. */
export interface StepResult {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}

/** A session before it is open, for a client that has asked for this. */
export function newSession(ear: Ear, asked: Told = NOTHING_TOLD): SessionState {
  return {
    at: -1,
    ended: false,
    openedMs: 0,
    told: asked,
    ear,
    detector: UNHEARD,
    identity: UNIDENTIFIED,
    recognition: UNRECOGNISED,
    progress: NO_PROGRESS,
    pending: EMPTY,
    unheard: EMPTY,
    awaitedBytes: 0,
    held: NONE_HELD,
    lateness: PROMPT,
    stepDueMs: undefined,
  };
}

/** When the session wants a tick if nothing else happens before. */
export function dueMsOf({ stepDueMs, held, lateness }: SessionState): number | undefined {
  if (held.length === 0 && lateness.queue.length === 0) return stepDueMs;
  const dues = [stepDueMs, heldDueMs(held), lateness.queue[0]?.dueMs];
  const dueMs = Math.min(...dues.map((due) => due ?? Infinity));
  return dueMs === Infinity ? undefined : dueMs;
}
