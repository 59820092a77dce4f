import type { ServerStepFile, ServerVerb, StepValue } from '../schema/server-steps.ts';
import { entryOf, type Entry } from '../compile/entry.ts';

/** The size of a step once repeats are expanded, whatever chance decides. */
export interface StepCost {
  readonly steps: number;
  readonly bytes: number;
}

/** The cost of nothing. */
export const NO_COST: StepCost = { steps: 0, bytes: 0 };

/** Nested repeats are quickly written. */
const MOST_STEPS = 100_000;
const MOST_BYTES = 64 * 2 ** 20;

/** The error for a scenario that exceeds the limits. */
export const TOO_MUCH = `too much: expected at most ${MOST_STEPS} steps and 64 MiB once repeats are expanded`;

/** Whether a cost exceeds a limit. */
export function isTooMuch({ steps, bytes }: StepCost): boolean {
  return steps > MOST_STEPS || bytes > MOST_BYTES;
}

/** The sum of two costs. */
export function plus(a: StepCost, b: StepCost): StepCost {
  return { steps: a.steps + b.steps, bytes: a.bytes + b.bytes };
}

/** The cost of a step, with all steps inside it. */
export function stepCostOf(step: ServerStepFile): StepCost {
  // "open" becomes three steps.
  if (typeof step === 'string') return { steps: 3, bytes: 0 };
  if ('chance' in step) {
    const [one, other] = [costOfAll(step.steps), costOfAll(step.else)];
    return { steps: 1 + Math.max(one.steps, other.steps), bytes: Math.max(one.bytes, other.bytes) };
  }
  if ('when' in step) {
    // Both branches are compiled.
    const both = plus(costOfAll(step.steps), costOfAll(step.else));
    return { steps: 2 + both.steps, bytes: both.bytes };
  }
  if ('repeat' in step) {
    const { steps, bytes } = costOfAll(step.steps);
    return { steps: 1 + step.repeat * steps, bytes: step.repeat * bytes };
  }
  return costOfEntry(entryOf(step));
}

function costOfAll(steps: readonly ServerStepFile[] = []): StepCost {
  return steps.map(stepCostOf).reduce(plus, NO_COST);
}

function costOfEntry<V extends ServerVerb>([verb, value]: Entry<V>): StepCost {
  return COSTS[verb](value, Buffer.byteLength(JSON.stringify(value)));
}

const asWritten = (_value: unknown, bytes: number): StepCost => ({ steps: 1, bytes });
/** Each word becomes an object. */
const ofWords = (_value: unknown, bytes: number): StepCost => ({ steps: 1, bytes: 50 * bytes });

/** The cost of each verb, given its value and the size of the value in the file. */
const COSTS: { readonly [V in ServerVerb]: (value: StepValue<V>, bytes: number) => StepCost } = {
  // Each byte is a step, with a wait before it.
  drip: (_value, bytes) => ({ steps: 2 * bytes, bytes }),
  fragments: ({ parts }, bytes) => ({ steps: 2 * parts, bytes: bytes + 10 * parts }),
  ping: (value, bytes) => ({ steps: 1, bytes: typeof value === 'number' ? 2 * value : bytes }),
  speak: ofWords,
  partial: ofWords,
  final: ofWords,
  turn_end_candidate: ofWords,
  turn_start: asWritten,
  turn_continuation: asWritten,
  turn_end: asWritten,
  open: asWritten,
  await: asWritten,
  wait: asWritten,
  state: asWritten,
  transcribe: asWritten,
  finish: asWritten,
  error: asWritten,
  fail: asWritten,
  confirm: asWritten,
  'shutting-down': asWritten,
  send: asWritten,
  raw: asWritten,
  bytes: asWritten,
  'cut-frame': asWritten,
  'close-frame': asWritten,
  'bad-opcode': asWritten,
  'masked-frame': asWritten,
  'bad-utf8': asWritten,
  latency: asWritten,
  stall: asWritten,
  close: asWritten,
  abort: asWritten,
  hang: asWritten,
};
