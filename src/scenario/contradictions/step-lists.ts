import type { Path } from '../explain/mistake.ts';
import type { StepValue } from '../schema/server-steps.ts';

/** A list of steps, and where it stands. */
export interface StepList {
  readonly path: Path;
  readonly steps: readonly StepValue[];
}

/** The lists of steps in a step: of `chance`, `when` and `repeat`. */
export function innerLists(path: Path, step: StepValue): readonly StepList[] {
  if (typeof step === 'string') return [];
  return ['steps', 'else'].flatMap((key) => {
    const steps = step[key];
    return Array.isArray(steps) ? [{ path: [...path, key], steps: steps as readonly StepValue[] }] : [];
  });
}

/** All steps of a list and of the lists in it. */
export function* allSteps({ path, steps }: StepList): Generator<{ path: Path; step: StepValue }> {
  for (const [i, step] of steps.entries()) {
    const own = [...path, i];
    yield { path: own, step };
    for (const inner of innerLists(own, step)) yield* allSteps(inner);
  }
}

/** The verb of a step, and what it holds. */
export function verbOf(step: StepValue): readonly [verb: string, value: unknown] {
  if (typeof step === 'string') return [step, undefined];
  for (const verb of ['chance', 'when', 'repeat']) if (verb in step) return [verb, step[verb]];
  return Object.entries(step)[0] ?? ['', undefined];
}
