import type { Conversation } from '../../../conversation/conversation.ts';
import { reaches, type Tolerances } from '../../../judge/tolerances.ts';
import { mayHaveCrossed } from '../../shared/crossing.ts';
import type { Ending } from '../../shared/ending.ts';
import { sentAudioOf } from '../transcripts/sound.ts';

/**
 * Whether a server may have ended a connection because it was idle: it had read no audio for a while, or the last audio
 * that it read was a long silence. A flush ends neither of the two, and anything sent just before the end may have
 * crossed with it.
 */
export function mayBeIdle(conversation: Conversation, ending: Ending, tolerances: Tolerances): boolean {
  const { controlMs, silenceMs } = tolerances;
  let readMs = conversation.moments[0]?.event.atMs ?? 0;
  let quietMs = 0;
  let isLong = false;
  for (const { index, content, ms = 0, atMs } of sentAudioOf(conversation)) {
    if (index > ending.index) break;
    const isCrossed = mayHaveCrossed(atMs, ending.atMs);
    if (!isCrossed) readMs = atMs;
    if (content !== 'silence') isLong = isLong && isCrossed;
    quietMs = content === 'silence' ? quietMs + ms : 0;
    isLong ||= quietMs >= silenceMs;
  }
  return isLong || reaches(ending.atMs - readMs, controlMs, tolerances);
}
