import type { Mark, MarkKind } from './marks.ts';
import type { AudioLine } from './audio.ts';

/** The places on the drawing, in pixels from its top. */
export const LANES = {
  audio: { top: 4, height: 56 },
  partials: { top: 70, height: 54 },
  finals: { top: 132, height: 26 },
  line: { top: 164, height: 34 },
  axis: { top: 202, height: 22 },
} as const;
/** The height of the drawing. */
export const HEIGHT = 224;

/** Partials of a segment are drawn below each other; after this many, the first place is used again. */
export const STEPS = 9;
/** How close to a mark the pointer has to be. */
const NEAR_PX = 10;

/** The lane of a mark. */
export function laneOf(kind: MarkKind): 'partials' | 'finals' | 'line' {
  if (kind === 'partial') return 'partials';
  return kind === 'final' || kind === 'confirmation' || kind === 'error' ? 'finals' : 'line';
}

/** The place of a partial's bar. */
export function stepTop(step: number): number {
  const { top, height } = LANES.partials;
  return top + (step % STEPS) * (height / STEPS);
}

/** The time that a result covers: its audio, and from there to its arrival. */
export interface Span {
  readonly fromMs: number;
  /** Where the audio that it covers ends; undefined if it does not say. */
  readonly coveredMs: number | undefined;
  readonly toMs: number;
}

/** The time that a result takes on the drawing: from the audio that it covers to its arrival. */
export function spanOf({ atMs, fromMs, toMs }: Mark, audio: AudioLine): Span | undefined {
  const begin = fromMs === undefined ? undefined : audio.timeOf(fromMs);
  if (begin === undefined) return undefined;
  const end = toMs === undefined ? undefined : audio.timeOf(toMs);
  return {
    fromMs: Math.min(begin, atMs),
    coveredMs: end === undefined ? undefined : Math.min(end, atMs),
    toMs: atMs,
  };
}

/** The mark under the pointer: the nearest in its lane, or the bar at that place. */
export function markAt(
  marks: readonly Mark[],
  audio: AudioLine,
  { x, y }: { readonly x: number; readonly y: number },
  xOf: (ms: number) => number,
): Mark | undefined {
  let nearest: { readonly mark: Mark; readonly far: number } | undefined;
  for (const mark of marks) {
    const lane = LANES[laneOf(mark.kind)];
    if (y < lane.top - 3 || y > lane.top + lane.height + 3) continue;
    const far = mark.kind === 'partial' ? farOfBar(mark, audio, { x, y }, xOf) : Math.abs(xOf(mark.atMs) - x);
    if (far <= NEAR_PX && (nearest === undefined || far <= nearest.far)) nearest = { mark, far };
  }
  return nearest?.mark;
}

function farOfBar(
  mark: Mark,
  audio: AudioLine,
  { x, y }: { readonly x: number; readonly y: number },
  xOf: (ms: number) => number,
): number {
  const span = spanOf(mark, audio);
  const right = xOf(mark.atMs);
  const left = span === undefined ? right : xOf(span.fromMs);
  const top = stepTop(mark.step);
  const height = LANES.partials.height / STEPS;
  const beside = Math.max(left - x, 0, x - right);
  const above = Math.max(top - y, 0, y - (top + height));
  return beside + above;
}
