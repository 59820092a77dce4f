import type { Invariant } from '../../../judge/invariant.ts';
import { perTurns } from '../turns.ts';
import { display } from './display.ts';
import { refused } from './refusals.ts';
import { accepted } from './strange-candidates.ts';
import { givesUp } from './unanswered.ts';

/** How a client handles what it receives. */
export const reactions: readonly Invariant[] = [
  ...display,
  perTurns('R8-TURN-021', (conversation, _tolerances, play) => accepted(conversation, play)),
  perTurns('R8-TURN-024', (conversation, _tolerances, play) => givesUp(conversation, play)),
  { id: 'R8-TURN-025', judge: refused },
];
