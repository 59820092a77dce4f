import type { Invariant } from '../../judge/invariant.ts';
import { closeCodes } from './close-codes.ts';
import { closing } from './closing.ts';
import { pings } from './ping.ts';
import { utf8 } from './utf8.ts';

/** What RFC 6455 requires of either side, as far as it is in the catalogue. */
export const TRANSPORT_INVARIANTS: readonly Invariant[] = [closeCodes, pings, utf8, ...closing];
