import type { RequirementId } from '../../../protocol/requirements.ts';
import { derived } from '../../conversation/derived.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import type { Invariant, Occasion, Play } from '../../judge/invariant.ts';
import { isWhole } from '../shared/whole.ts';

type Judge = (conversation: Conversation, play: Play) => Iterable<Occasion>;

/** An invariant that looks at every Scriptix WebSocket separately, in either mode. */
export function perConnection(id: RequirementId, judge: Judge): Invariant {
  return perDialect(id, ['scriptix', 'scriptix-stream'], judge);
}

/** An invariant that looks at every microphone connection separately. */
export function perMicrophone(id: RequirementId, judge: Judge): Invariant {
  return perDialect(id, ['scriptix'], judge);
}

/** An invariant that looks at every stream connection separately. */
export function perStream(id: RequirementId, judge: Judge): Invariant {
  return perDialect(id, ['scriptix-stream'], judge);
}

function perDialect(
  id: RequirementId,
  dialects: readonly Conversation['dialect'][],
  judge: Judge,
): Invariant {
  return {
    id,
    *judge(play) {
      for (const conversation of play.conversations) {
        if (dialects.includes(conversation.dialect)) yield* judge(conversation, play);
      }
    },
  };
}

/** Whether everything from the server was recorded as messages: raw bytes may have been anything. */
export const isUnderstood = derived((conversation: Conversation): boolean => {
  const isRaw = conversation.moments.some(({ event }) => event.kind === 'bytes' && event.from === 'server');
  return isWhole(conversation) && !isRaw;
});

/** Whether the upgrade was accepted. A trace may lack the answer and still contain later events. */
export function wasOpen({ isOpen, response, heard }: Conversation): boolean {
  return isOpen || (response === undefined && heard.length > 0);
}

/** Whether a server should accept the credential; undefined if the observer does not know. */
export function hasGoodCredential({ context }: Conversation): boolean | undefined {
  const { credential } = context;
  return credential === undefined ? undefined : credential !== 'missing' && credential !== 'invalid';
}
