import { isUtf8 } from 'node:buffer';
import type { Moment } from '../../conversation/conversation.ts';
import { doneBy, heldIf, perConversation, type Invariant } from '../../judge/invariant.ts';
import { controlsOf } from './controls.ts';
import { isBadUtf8 } from './faults.ts';
import { framesIn, TEXT, type RawFrame } from './raw-frames.ts';
import { isFrom, PEERS } from './sides.ts';

/**
 * Text is valid UTF-8 (RFC 6455 §8.1), including that of a Close frame: libraries do not say which it was. A text in a
 * trace is always valid; invalid text appears as a fault, or as raw bytes.
 */
export const utf8: Invariant = perConversation('TR-003', function* (conversation) {
  for (const by of PEERS) {
    const wrong = controlsOf(conversation).find((moment) => isFrom(moment, by) && isWrong(moment));
    const proof = wrong ?? conversation.moments.find((moment) => isFrom(moment, by) && isText(moment));
    if (proof === undefined) continue;
    const actual = () => `a text of the ${by} that is not`;
    yield doneBy(by, heldIf(wrong === undefined, [proof.index], 'text that is valid UTF-8', actual));
  }
});

function isText({ event }: Moment): boolean {
  return event.kind === 'text' || (event.kind === 'bytes' && framesIn(event.base64).some(isWholeText));
}

function isWrong({ event }: Moment): boolean {
  if (event.kind === 'fault') return isBadUtf8(event.message);
  if (event.kind !== 'bytes') return false;
  return framesIn(event.base64).some((frame) => isWholeText(frame) && !isUtf8(frame.payload));
}

/** A fragment may end within a character. */
function isWholeText({ opcode, isLast }: RawFrame): boolean {
  return opcode === TEXT && isLast;
}
