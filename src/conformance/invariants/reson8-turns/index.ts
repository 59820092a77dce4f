import type { Invariant } from '../../judge/invariant.ts';
import { reactions } from './client/index.ts';
import { connecting } from './connecting.ts';
import { requests } from './requests.ts';

/** Everything that is looked at in a conversation about turns, of both sides. */
export const TURNS_INVARIANTS: readonly Invariant[] = [...connecting, ...requests, ...reactions];
