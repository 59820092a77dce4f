import type { Ear } from '../../audio/ear.ts';
import type { Step } from '../../scenario/script.ts';
import { UNDISTORTED, type Distorting } from './distort.ts';
import type { Recognition } from './recognise.ts';

type Transcribe = Extract<Step, { kind: 'transcribe' }>;

/** What was seen since a step began, as far as needed to decide when it ends. */
export interface StepProgress {
  /** The time from which its limits count. */
  readonly startedMs: number;
  readonly audioFromMs: number;
  /** The number of the connection's word that was next when the step began. */
  readonly fromWord: number;
  readonly spokenMs: number;
  readonly bytes: number;
  readonly frames: number;
  readonly partials: number;
  readonly finals: number;
  readonly candidates: number;
  readonly turns: number;
  readonly flushes: number;
  readonly distorting: Distorting;
  /** For a step that waits for the client: how often the client has done it. */
  readonly seen: number;
}

/** Before the first step. */
export const NO_PROGRESS: StepProgress = {
  startedMs: 0,
  audioFromMs: 0,
  fromWord: 0,
  spokenMs: 0,
  bytes: 0,
  frames: 0,
  partials: 0,
  finals: 0,
  candidates: 0,
  turns: 0,
  flushes: 0,
  distorting: UNDISTORTED,
  seen: 0,
};

/** Whether the step may end in the middle of the audio, so that audio has to be taken in small pieces. */
export function isWatched({ until, words }: Transcribe): boolean {
  return until !== undefined || words !== undefined;
}

/** Whether anything depends on what was seen since the step began. */
export function isCounted({ until, words, distortion }: Transcribe): boolean {
  return until !== undefined || words !== undefined || distortion !== undefined;
}

/** The progress of a step that begins now. */
export function beginProgress(
  current: Transcribe,
  ear: Ear,
  recognition: Recognition,
  startedMs: number,
): StepProgress {
  if (!isCounted(current)) return NO_PROGRESS;
  const { nextWord: fromWord } = recognition;
  return { ...NO_PROGRESS, startedMs, audioFromMs: ear.positionMs, fromWord };
}

/** When the step wants a tick if no more audio comes after `heardMs`. */
export function dueOf({ idleMs, until }: Transcribe, { startedMs }: StepProgress, heardMs: number): number {
  const idleDueMs = heardMs + Math.min(idleMs, until?.idleMs ?? idleMs);
  return until?.timeMs === undefined ? idleDueMs : Math.min(idleDueMs, startedMs + until.timeMs);
}

/** What the time limit of the step does: it ends the step, or reports that the client sent no audio for too long. */
export function whenDue({ until }: Transcribe, { startedMs }: StepProgress, dueMs: number): 'go-on' | 'idle' {
  if (until === undefined) return 'idle';
  const isOver = until.timeMs !== undefined && dueMs >= startedMs + until.timeMs;
  return isOver || until.idleMs !== undefined ? 'go-on' : 'idle';
}
