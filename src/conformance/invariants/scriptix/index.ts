import type { Invariant } from '../../invariant.ts';
import { partialForm } from './partial-form.ts';

/** Everything that is looked at in a Scriptix conversation, of both sides. */
export const SCRIPTIX_INVARIANTS: readonly Invariant[] = [...partialForm];
