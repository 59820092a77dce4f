import type { StepValue } from '../schema/server-steps.ts';

/** How much a step becomes once repeats are written out, whatever chance decides. */
export interface StepCost {
  readonly steps: number;
  readonly bytes: number;
}

export const NO_COST: StepCost = { steps: 0, bytes: 0 };

/** Repeats in repeats are easily written. */
const MOST_STEPS = 100_000;
const MOST_BYTES = 64 * 2 ** 20;

export const TOO_MUCH = `too much: expected at most ${MOST_STEPS} steps and 64 MiB once repeats are written out`;

export function isTooMuch({ steps, bytes }: StepCost): boolean {
  return steps > MOST_STEPS || bytes > MOST_BYTES;
}

export function plus(a: StepCost, b: StepCost): StepCost {
  return { steps: a.steps + b.steps, bytes: a.bytes + b.bytes };
}

export function stepCostOf(step: StepValue): StepCost {
  // "open" becomes three steps.
  if (typeof step === 'string') return { steps: 3, bytes: 0 };
  if ('chance' in step) {
    const [one, other] = [costOfAll(step['steps']), costOfAll(step['else'])];
    return { steps: 1 + Math.max(one.steps, other.steps), bytes: Math.max(one.bytes, other.bytes) };
  }
  if ('when' in step) {
    // Both are written out.
    const both = plus(costOfAll(step['steps']), costOfAll(step['else']));
    return { steps: 2 + both.steps, bytes: both.bytes };
  }
  if ('repeat' in step) {
    const times = Number(step['repeat']);
    const { steps, bytes } = costOfAll(step['steps']);
    return { steps: 1 + times * steps, bytes: times * bytes };
  }
  const [[verb, value] = ['', undefined]] = Object.entries(step);
  return costOfVerb(verb, value);
}

function costOfAll(steps: unknown): StepCost {
  return Array.isArray(steps)
    ? (steps as readonly StepValue[]).map(stepCostOf).reduce(plus, NO_COST)
    : NO_COST;
}

function costOfVerb(verb: string, value: unknown): StepCost {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  switch (verb) {
    // Each byte is a step, and waits for the one before.
    case 'drip':
      return { steps: 2 * bytes, bytes };
    case 'fragments': {
      const parts = Number((value as { parts: unknown }).parts);
      return { steps: 2 * parts, bytes: bytes + 10 * parts };
    }
    case 'ping':
      return { steps: 1, bytes: typeof value === 'number' ? 2 * value : bytes };
    // Words become objects.
    case 'speak':
    case 'partial':
    case 'final':
      return { steps: 1, bytes: 50 * bytes };
    default:
      return { steps: 1, bytes };
  }
}
