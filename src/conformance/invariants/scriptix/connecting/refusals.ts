import { scriptixEdition } from '../../../../protocol/editions.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import {
  broken,
  heldBySilence,
  ifInOrder,
  withReading,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { evidence } from '../../shared/evidence.ts';
import { admissionOf, describeAdmission } from './admission.ts';
import { perConnection } from '../conversations.ts';

/** Without a valid token no session begins (S0:14,27; S2:112). The form of the refusal is left open (A11). */
export const refusals: readonly Invariant[] = [
  perConnection('SX-CONN-010', (conversation) => refuses(conversation, 'missing', 'without a token')),
  perConnection('SX-CONN-011', (conversation) =>
    refuses(conversation, 'invalid', 'with a token that is not valid'),
  ),
];

function* refuses(
  conversation: Conversation,
  credential: 'missing' | 'invalid',
  how: string,
): Iterable<Occasion> {
  const { request, context, dialect } = conversation;
  if (request === undefined || context.credential !== credential) return;
  const admission = admissionOf(conversation);
  const events = evidence(request.index, admission.index);
  const expected = `no session ${how}: a refusal, an error message or a close`;
  const actual = describeAdmission(admission);
  if (admission.kind === 'started') yield broken(events, expected, actual);
  // A server that is out of order refuses everyone.
  else if (admission.kind === 'open' || (admission.how === 'http' && !isClientError(admission.status))) {
    const occasion: Occasion = { outcome: 'unclear', events, expected, actual };
    const isTrouble = admission.kind === 'refused' && admission.status >= 500;
    yield isTrouble ? ifInOrder('held', dialect, occasion) : occasion;
  } else {
    const answer = heldBySilence('starts sessions', ...events);
    // The token could still have come with the start command, so before it nothing was refused.
    if (credential === 'missing' && admission.how === 'error' && mayComeLater(conversation)) {
      yield answer;
      return;
    }
    // A server may refuse in HTTP in one mode and in-band in the other.
    const { microphoneRefusal, streamRefusal } = AMBIGUITIES;
    const { readings } = dialect === 'scriptix-stream' ? streamRefusal : microphoneRefusal;
    yield withReading(answer, readings[admission.how]);
  }
}

function mayComeLater({ dialect, editions }: Conversation): boolean {
  return dialect === 'scriptix' && scriptixEdition(editions).hasKeyInStart;
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}
