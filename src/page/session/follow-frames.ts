import type { TraceEvent } from '../../wire/trace.ts';
import { linesOf } from '../api.ts';
import { pause } from '../clock.ts';
import { MOST_FRAMES, rowOf, type FrameRow } from './frames.ts';

/** The frames of a session so far. */
export interface Frames {
  readonly rows: readonly FrameRow[];
  /** Rows that are no longer here. */
  readonly gone: number;
}

const TOLD_MS = 100;

/** Reads a trace until its session ends; `told` is called at most ten times a second. */
export async function followFrames(
  id: string,
  told: (frames: Frames) => void,
  signal: AbortSignal,
): Promise<void> {
  let rows: FrameRow[] = [];
  let count = -1;
  let isDue = false;
  const tell = () => {
    isDue = false;
    if (rows.length > MOST_FRAMES) rows = rows.slice(-MOST_FRAMES);
    if (!signal.aborted) told({ rows: [...rows], gone: Math.max(0, count) - rows.length });
  };
  for await (const line of linesOf(`sessions/${encodeURIComponent(id)}/trace?follow=1`, signal)) {
    // The first line is the header.
    if (count >= 0) rows.push(rowOf(line as TraceEvent, count));
    count += 1;
    if (rows.length > MOST_FRAMES * 2) rows = rows.slice(-MOST_FRAMES);
    if (isDue) continue;
    isDue = true;
    void pause(TOLD_MS).then(tell);
  }
}
