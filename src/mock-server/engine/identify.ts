import { NEW_SKETCH, NO_SKETCH, type Ear } from '../../audio/ear.ts';
import { onsetAt } from '../../audio/hear.ts';
import type { Onset } from '../../audio/onset.ts';
import type { Voice } from '../../scenario/script.ts';
import type { Spoken } from './recognise.ts';

/** A window of the audio clock, with what the speech detector made of it. */
export interface Window {
  readonly endMs: number;
  readonly spoken: Spoken;
}

/** Which recording a connection sends, as far as it is known. */
export interface Identity {
  /** Set once it is decided. For an unknown recording it is that of its exact samples. */
  readonly onset: Onset | undefined;
  /** Speech that is not recognised until it is decided; at most as long as a sketch. */
  readonly waiting: readonly Window[];
}

/** Before any audio. */
export const UNIDENTIFIED: Identity = { onset: undefined, waiting: [] };

const NO_WINDOWS: readonly Window[] = [];

/** The windows that are to be recognised now. */
export interface Identified {
  readonly identity: Identity;
  readonly windows: readonly Window[];
}

/**
 * An ear that sketches what it hears, as long as that is needed and if the voice can identify recordings by their
 * sketch.
 */
export function attentive(ear: Ear, { onset }: Identity, voice: Voice): Ear {
  const isWanted = onset === undefined && voice.recordings?.() !== undefined;
  if (isWanted)
    return ear.positionMs === 0 && ear.sketch === NO_SKETCH ? { ...ear, sketch: NEW_SKETCH } : ear;
  return ear.sketch === NO_SKETCH ? ear : { ...ear, sketch: NO_SKETCH };
}

/**
 * Decides as early as possible which recording it is: at once by exact samples, or else by how it sounds, for which
 * windows may have to wait.
 *
 * @param next the window that was heard; undefined when no more is going to come before something else does
 */
export function identify(before: Identity, voice: Voice, ear: Ear, next: Window | undefined): Identified {
  const windows = next === undefined ? before.waiting : [...before.waiting, next];
  const endMs = windows.at(-1)?.endMs;
  const recordings = voice.recordings?.();
  if (before.onset !== undefined || endMs === undefined) return { identity: before, windows };
  const exact = onsetAt(ear, endMs);
  const decided = (onset: Onset, from: readonly Window[]): Identified => ({
    identity: { onset, waiting: NO_WINDOWS },
    windows: from,
  });
  // As if its samples had been known from the start: what came before them is not recognised.
  const asExact = (onset: Onset) =>
    decided(
      onset,
      windows.filter((window) => window.endMs >= onset.knownAtMs),
    );
  if (recordings === undefined) return { identity: before, windows };
  if (exact !== undefined && recordings.has(exact)) return asExact(exact);
  const answer = recordings.at(ear.sketch, endMs, next === undefined);
  if (typeof answer !== 'string') return decided(answer, windows);
  if (answer === 'wait') return { identity: { onset: undefined, waiting: windows }, windows: NO_WINDOWS };
  if (answer === 'unknown' && exact !== undefined) return asExact(exact);
  return { identity: UNIDENTIFIED, windows: NO_WINDOWS };
}
