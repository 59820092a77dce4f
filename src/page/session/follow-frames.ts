import type { TraceEvent } from '../../wire/trace.ts';
import { call, linesOf } from '../api.ts';
import { pause } from '../clock.ts';
import type { LevelLine } from '../timeline/audio.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { FrameStore, Part } from './frame-store.ts';

const TOLD_MS = 100;

/** Reads a trace, and the levels of its audio, until its session ends; `told` is called at most ten times a second. */
export async function followFrames(
  id: string,
  timeline: Timeline,
  store: FrameStore,
  told: () => void,
  signal: AbortSignal,
): Promise<void> {
  let isHeader = true;
  let isDue = false;
  const tell = () => {
    isDue = false;
    if (!signal.aborted) told();
  };
  for await (const line of linesOf(`${pathOf(id)}?follow=1&audio=levels`, signal)) {
    const event = line as TraceEvent | LevelLine;
    if (event.kind === 'levels') timeline.levels(event);
    else if (isHeader) isHeader = false;
    else {
      timeline.add(event, store.length);
      store.add(event);
    }
    if (isDue) continue;
    isDue = true;
    void pause(TOLD_MS).then(tell);
  }
}

/** Reads a part of a trace again. @throws Refused */
export async function readFrames(id: string, { from, count }: Part): Promise<readonly TraceEvent[]> {
  const text = (await call(`${pathOf(id)}?from=${from}&count=${count}`, 'GET', undefined, 'text')) as string;
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TraceEvent);
}

function pathOf(id: string): string {
  return `sessions/${encodeURIComponent(id)}/trace`;
}
