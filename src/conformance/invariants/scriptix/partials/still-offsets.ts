import type { Conversation } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import type { Play } from '../../../judge/invariant.ts';
import { othersOf } from '../../shared/other-plays.ts';
import { finalsOf, resultsOf } from '../results.ts';

/**
 * Whether `offset_ms` never changes, in this conversation and in any other with several finals. Then it shows no
 * position in the audio that could be wrong, and is reported as SX-FIN-014, since every final replaces the previous
 * one.
 */
export function hasStillOffsets(conversation: Conversation, play: Play): boolean {
  return isStill(conversation) && isStillRun(othersOf(play));
}

const isStillRun = derived((plays: readonly Play[]): boolean => {
  const long = plays.flatMap(({ conversations }) => conversations.filter(hasSeveral));
  return long.length > 0 && long.every(isStill);
});

function isStill(conversation: Conversation): boolean {
  return new Set(resultsOf(conversation).map(({ offsetMs }) => offsetMs)).size === 1;
}

function hasSeveral(conversation: Conversation): boolean {
  return new Set(finalsOf(conversation).map(({ text }) => text)).size > 1;
}
