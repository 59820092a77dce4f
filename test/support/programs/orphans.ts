import { expect } from 'vitest';
import { processTree, RUN_VARIABLE } from '../../../src/runtime/platform/process-tree.ts';
import { Program } from './program.ts';

/** Longer than tests take to end on a busy machine once they have begun. */
const PATIENCE = { timeout: 90_000, interval: 250 };

let runs = 0;

/** Something that starts fakes, such as a runner of tests. */
export interface Parent {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /**
   * What the program, or one that it started, prints once the fake is ready (by default it is once there are enough
   * processes).
   */
  readonly ready?: RegExp;
  /** How many processes there are then, with its own, at least. */
  readonly atLeast: number;
}

/** Kills only the program itself, as `kill -9` does; the processes that it has started have to end by themselves. */
export async function expectNoOrphans({ command, args, env, ready, atLeast }: Parent): Promise<void> {
  const run = `orphans-${process.pid}-${(runs += 1)}`;
  await using program = new Program(command, args, { ...env, [RUN_VARIABLE]: run });
  program.patienceMs = PATIENCE.timeout;
  // Only what has the variable is looked for: the program leads no group that could be looked for instead.
  const tree = processTree(-1, run, () => false);
  const living = () => tree.find().map(({ pid }) => pid);
  try {
    if (ready !== undefined) await program.said(ready);
    await expect.poll(() => living().length, PATIENCE).toBeGreaterThanOrEqual(atLeast);

    program.signal('SIGKILL');

    await expect.poll(living, PATIENCE).toEqual([]);
  } finally {
    tree.kill();
  }
}
