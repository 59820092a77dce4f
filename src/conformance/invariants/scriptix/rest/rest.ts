import type { Invariant } from '../../../judge/invariant.ts';
import { restAnswers } from './answers.ts';
import { restRefusals } from './refusals.ts';
import { restRequests } from './requests.ts';
import { restSequence } from './sequence.ts';
import { restWorkflow } from './workflow.ts';

/** All invariants of calls of the Scriptix REST API, for both sides. */
export const REST_INVARIANTS: readonly Invariant[] = [
  ...restRequests,
  ...restAnswers,
  ...restRefusals,
  ...restSequence,
  ...restWorkflow,
];
