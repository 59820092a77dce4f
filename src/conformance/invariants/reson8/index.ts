import type { Invariant } from '../../invariant.ts';

/** Everything that is looked at in a Reson8 conversation, of both sides. */
export const RESON8_INVARIANTS: readonly Invariant[] = [];
