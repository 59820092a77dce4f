import type { Invariant } from '../../judge/invariant.ts';
import { admission } from './admission.ts';
import { audioAndTurns } from './audio-and-turns.ts';
import { candidateFields } from './candidate-fields.ts';
import { candidates } from './candidates.ts';
import { reactions } from './client/client.ts';
import { connecting } from './connecting.ts';
import { flushes } from './flushes.ts';
import { goesOn } from './goes-on.ts';
import { messages } from './messages.ts';
import { order } from './order.ts';
import { requests } from './requests.ts';
import { times } from './times.ts';

/** All invariants of conversations about turns, for both sides. */
export const TURNS_INVARIANTS: readonly Invariant[] = [
  ...connecting,
  ...admission,
  ...messages,
  ...order,
  ...candidateFields,
  ...candidates,
  ...times,
  ...flushes,
  ...audioAndTurns,
  ...goesOn,
  ...requests,
  ...reactions,
];
