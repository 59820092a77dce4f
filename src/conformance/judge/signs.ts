import { keysOf } from '../../runtime/json/fields.ts';
import { conversationOf } from '../blame/blamed.ts';
import { admissionOf } from '../invariants/scriptix/connecting/admission.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Occasion, Play, Sign } from './invariant.ts';

const TELLING: readonly string[] = ['partial', 'final', 'turn_end_candidate'];

const SHOWS: Readonly<Record<Sign, (conversation: Conversation) => boolean>> = {
  'recognises speech': ({ heard }) =>
    heard.some(({ message: { kind, fields } }) => {
      const text = fields?.['text'];
      return TELLING.includes(kind) && typeof text === 'string' && text.trim() !== '';
    }),
  'confirms flushes': ({ heard }) => heard.some(({ message }) => message.kind === 'confirmation'),
  'starts sessions': (conversation) => admissionOf(conversation).kind === 'started',
};

/** What a server has been seen to do in any of its plays, by dialect. */
export type Signs = ReadonlyMap<Conversation['dialect'], ReadonlySet<Sign>>;

/** What servers have been seen to do, from the plays of a run. */
export function signsIn(plays: readonly Play[]): Signs {
  const found = new Map<Conversation['dialect'], Set<Sign>>();
  const all = keysOf(SHOWS);
  for (const conversation of plays.flatMap((play) => play.conversations)) {
    const { dialect } = conversation;
    const own = found.get(dialect) ?? new Set();
    found.set(dialect, own);
    for (const sign of all) if (!own.has(sign) && SHOWS[sign](conversation)) own.add(sign);
  }
  return found;
}

/**
 * Silence counts only for a server that has spoken: if it never does something, it means nothing that it did not do so
 * here. A server that transcribes streams may still not hear microphones.
 */
export function withSigns(occasion: Occasion, play: Play, signs: Signs): Occasion {
  const { onlyIf } = occasion;
  if (onlyIf === undefined || occasion.outcome !== 'held') return occasion;
  const dialect = conversationOf(occasion, play)?.dialect;
  if (signs.get(dialect)?.has(onlyIf) === true) return occasion;
  return {
    ...occasion,
    outcome: 'unclear',
    expected: `a server that ${onlyIf} elsewhere in the run`,
    actual: `it does so in no session of ${dialect}`,
  };
}
