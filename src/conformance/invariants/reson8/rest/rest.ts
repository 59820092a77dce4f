import type { Invariant } from '../../../judge/invariant.ts';
import { inItsEditions } from '../../shared/in-its-editions.ts';
import { problems } from '../opening/reasons.ts';
import { recordings } from './recordings.ts';
import { refreshing } from './refreshing.ts';
import { sending } from './sending.ts';
import { tokens } from './tokens.ts';

/** All invariants of Reson8's calls. */
export const RESON8_REST_INVARIANTS: readonly Invariant[] = [
  ...tokens,
  ...refreshing,
  ...recordings,
  ...sending,
  ...problems,
].map(inItsEditions);
