import type { Invariant } from '../../invariant.ts';

/** What RFC 6455 asks of both sides, as far as the catalogue has it. */
export const TRANSPORT_INVARIANTS: readonly Invariant[] = [];
