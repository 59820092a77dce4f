import type { Invariant } from '../../invariant.ts';
import { restAnswers } from './rest/answers.ts';
import { restRefusals } from './rest/refusals.ts';
import { restRequests } from './rest/requests.ts';
import { restSequence } from './rest/sequence.ts';
import { restWorkflow } from './rest/workflow.ts';

/** Everything that is looked at in calls of the Scriptix REST API, of both sides. */
export const REST_INVARIANTS: readonly Invariant[] = [
  ...restRequests,
  ...restAnswers,
  ...restRefusals,
  ...restSequence,
  ...restWorkflow,
];
