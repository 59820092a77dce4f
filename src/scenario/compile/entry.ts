import type { PlainStep, ServerVerb, StepValue } from '../schema/server-steps.ts';

/** A verb with its own kind of value. */
export type Entry<V extends ServerVerb = ServerVerb> = {
  readonly [K in V]: readonly [verb: K, value: StepValue<K>];
}[V];

/** The verb of a step, and its value. */
export function entryOf(step: PlainStep): Entry {
  // The verb is its only key, which the types of Object.entries do not express.
  return (typeof step === 'string' ? [step, undefined] : Object.entries(step)[0]) as Entry;
}
