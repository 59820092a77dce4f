import type { Path } from '../explain/mistake.ts';
import type { ServerStepFile } from '../schema/server-steps.ts';

/** A list of steps, and where it is. */
export interface StepList {
  readonly path: Path;
  readonly steps: readonly ServerStepFile[];
}

/** The lists of steps in a step: of `chance`, `when` and `repeat`. */
export function innerLists(path: Path, step: ServerStepFile): readonly StepList[] {
  if (typeof step === 'string' || !('steps' in step)) return [];
  const own = { path: [...path, 'steps'], steps: step.steps };
  if (!('else' in step) || step.else === undefined) return [own];
  return [own, { path: [...path, 'else'], steps: step.else }];
}

/** All steps of a list and of the lists in it. */
export function* allSteps({ path, steps }: StepList): Generator<{ path: Path; step: ServerStepFile }> {
  for (const [i, step] of steps.entries()) {
    const own = [...path, i];
    yield { path: own, step };
    for (const inner of innerLists(own, step)) yield* allSteps(inner);
  }
}

/** The verb of a step, and its value. */
export function verbOf(step: ServerStepFile): readonly [verb: string, value: unknown] {
  if (typeof step === 'string') return [step, undefined];
  if ('chance' in step) return ['chance', step.chance];
  if ('when' in step) return ['when', step.when];
  if ('repeat' in step) return ['repeat', step.repeat];
  return Object.entries(step)[0] ?? ['', undefined];
}
