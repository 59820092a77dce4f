import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { utf8Of } from '../../runtime/text/utf8.ts';
import { readTrace, type TraceFile } from '../../wire/trace-file.ts';
import type { ScenarioFile } from '../schema/schema.ts';
import { scenariosOf } from './from-trace.ts';
import { leftOut } from './left-out.ts';
import type { ReplayMode } from './mode.ts';

/** A recording as scenarios. */
export interface Replay {
  /** At least one; each is for another dialect. */
  readonly files: readonly [ScenarioFile, ...ScenarioFile[]];
  /** What they leave out or replace, and which lines of the file were unreadable: a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Converts a trace into scenarios.
 *
 * @param path its file, for the summary and for errors
 * @throws UserError if there is nothing to replay
 */
export function replayOf(
  { events, faults }: Pick<TraceFile, 'events' | 'faults'>,
  path: string,
  mode: ReplayMode,
): Replay {
  const summary = `Recorded in ${basename(path)}`.slice(0, 100);
  const [first, ...others] = scenariosOf(events, mode, summary);
  if (first === undefined) {
    const what = 'this trace has no connection to Scriptix or Reson8, so there is nothing to replay';
    throw new UserError(what, { file: path });
  }
  return { files: [first, ...others], notes: [...faults, ...leftOut(events)] };
}

/** Reads a trace as scenarios. @throws UserError for a file that is not a trace or has nothing to replay */
export async function readReplay(path: string, mode: ReplayMode): Promise<Replay> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return replayOf(readTrace(utf8Of(bytes, path), path), path, mode);
}
