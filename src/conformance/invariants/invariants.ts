import type { Invariant } from '../judge/invariant.ts';
import { RESON8_INVARIANTS } from './reson8/reson8.ts';
import { RESON8_REST_INVARIANTS } from './reson8/rest/rest.ts';
import { TURNS_INVARIANTS } from './reson8-turns/reson8-turns.ts';
import { SCRIPTIX_INVARIANTS } from './scriptix/scriptix.ts';
import { REST_INVARIANTS } from './scriptix/rest/rest.ts';
import { TRANSPORT_INVARIANTS } from './transport/transport.ts';

/** All invariants, one for each requirement that can be checked. */
export const INVARIANTS: readonly Invariant[] = [
  ...SCRIPTIX_INVARIANTS,
  ...REST_INVARIANTS,
  ...RESON8_INVARIANTS,
  ...TURNS_INVARIANTS,
  ...RESON8_REST_INVARIANTS,
  ...TRANSPORT_INVARIANTS,
];
