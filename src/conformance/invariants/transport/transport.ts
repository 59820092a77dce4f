import type { Invariant } from '../../judge/invariant.ts';
import { closeCodes } from './close-codes.ts';
import { closing } from './closing.ts';
import { pings } from './ping.ts';
import { utf8 } from './utf8.ts';

/** The invariants for the requirements of RFC 6455 in the catalogue, for both sides. */
export const TRANSPORT_INVARIANTS: readonly Invariant[] = [closeCodes, pings, utf8, ...closing];
