import type { PlainStep, ServerVerb, StepValue } from '../schema/server-steps.ts';

/** A verb with its own kind of value. */
export type Entry<V extends ServerVerb = ServerVerb> = {
  readonly [K in V]: readonly [verb: K, value: StepValue<K>];
}[V];

/** The verb of a step, and what it holds. */
export function entryOf(step: PlainStep): Entry {
  // Its only key is the verb, which the types of Object.entries do not say.
  return (typeof step === 'string' ? [step, undefined] : Object.entries(step)[0]) as Entry;
}
