import type { TraceEvent } from '../../wire/trace.ts';
import { linesOf } from '../api.ts';
import { pause } from '../clock.ts';
import type { LevelLine } from '../timeline/audio.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { MOST_FRAMES, rowOf, type FrameRow } from './frames.ts';

/** The frames of a session so far. */
export interface Frames {
  readonly rows: readonly FrameRow[];
  /** Rows that are no longer here. */
  readonly gone: number;
  /** Changes whenever anything came. */
  readonly version: number;
}

const TOLD_MS = 100;

/** Reads a trace, and the levels of its audio, until its session ends; `told` is called at most ten times a second. */
export async function followFrames(
  id: string,
  timeline: Timeline,
  told: (frames: Frames) => void,
  signal: AbortSignal,
): Promise<void> {
  let rows: FrameRow[] = [];
  let shown: readonly FrameRow[] = [];
  let count = -1;
  let version = 0;
  let isDue = false;
  const tell = () => {
    isDue = false;
    if (rows.length > MOST_FRAMES) rows = rows.slice(-MOST_FRAMES);
    // The same list while there are no more: levels change nothing in it.
    if (shown.at(-1) !== rows.at(-1)) shown = [...rows];
    version += 1;
    if (!signal.aborted) told({ rows: shown, gone: Math.max(0, count) - rows.length, version });
  };
  for await (const line of linesOf(
    `sessions/${encodeURIComponent(id)}/trace?follow=1&audio=levels`,
    signal,
  )) {
    const event = line as TraceEvent | LevelLine;
    if (event.kind === 'levels') timeline.levels(event);
    else {
      // The first line is the header.
      if (count >= 0) {
        rows.push(rowOf(event, count));
        timeline.add(event, count);
      }
      count += 1;
      if (rows.length > MOST_FRAMES * 2) rows = rows.slice(-MOST_FRAMES);
    }
    if (isDue) continue;
    isDue = true;
    void pause(TOLD_MS).then(tell);
  }
}
