import { admissionOf } from '../invariants/scriptix/connecting/admission.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Occasion, Play, Sign } from './invariant.ts';

const SHOWS: Readonly<Record<Sign, (conversation: Conversation) => boolean>> = {
  'recognises speech': ({ heard }) =>
    heard.some(({ message: { kind, fields } }) => {
      const text = fields?.['text'];
      return (kind === 'partial' || kind === 'final') && typeof text === 'string' && text.trim() !== '';
    }),
  'confirms flushes': ({ heard }) => heard.some(({ message }) => message.kind === 'confirmation'),
  'starts sessions': (conversation) => admissionOf(conversation).kind === 'started',
};

/** What a server has been seen to do in any of its plays. */
export function signsIn(plays: readonly Play[]): ReadonlySet<Sign> {
  const conversations = plays.flatMap((play) => play.conversations);
  const all = Object.keys(SHOWS) as readonly Sign[];
  return new Set(all.filter((sign) => conversations.some(SHOWS[sign])));
}

/** Silence is kept only by who has spoken: what a server never does anywhere says nothing about when it does not. */
export function withSigns(occasion: Occasion, signs: ReadonlySet<Sign>): Occasion {
  const { onlyIf } = occasion;
  if (onlyIf === undefined || signs.has(onlyIf) || occasion.outcome !== 'held') return occasion;
  return {
    ...occasion,
    outcome: 'unclear',
    expected: `a server that ${onlyIf} elsewhere in the run, and not here`,
    actual: 'it does so nowhere',
  };
}
