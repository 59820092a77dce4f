import type { RequirementId } from '../../../../protocol/requirements.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import {
  awaiting,
  broken,
  doubtful,
  held,
  heldIf,
  ifInOrder,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { evidence } from '../../shared/evidence.ts';
import { admissionOf, describeAdmission } from './admission.ts';
import { hasGoodCredential, perConnection, perMicrophone, wasOpen } from '../conversations.ts';
import { headersOf, presentedBy } from './credential-forms.ts';
import { isPlain } from './parameters.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';

/** How a client presents its token, and that the server accepts every documented form (S0:14,22-31; S2:15,20). */
export const credentials: readonly Invariant[] = [
  perConnection('SX-CONN-004', presents),
  takes('SX-CONN-005', 'query', 'token'),
  takes('SX-CONN-006', 'header', 'x-zoom-s2t-key'),
  takes('SX-CONN-007', 'header', 'x-api-key'),
  takes('SX-CONN-008', 'header', 'api-key'),
  perMicrophone('SX-CONN-009', browser),
];

function* presents(conversation: Conversation): Iterable<Occasion> {
  const { request, context, dialect } = conversation;
  // The token was left out on purpose.
  if (request === undefined || context.credential === 'missing') return;
  const events = [request.index];
  const presented = presentedBy(conversation);
  const expected =
    dialect === 'scriptix-stream' ? 'the token in the path' : 'the token as query parameter or in a header';
  const values = new Set(presented.map(({ value }) => value));
  const places = presented.map(({ place, name }) => `${place} ${name}`).join(', ');
  if (presented.length === 0) yield broken(events, expected, 'no token in any documented place');
  else if (values.size > 1) yield doubtful(events, 'one token', `different tokens in ${places}`);
  else if (presented.length > 1) yield { ...held(...events), reading: AMBIGUITIES.A19.readings.twice };
  else yield held(...events);
}

/** Whether the server begins a session with a valid token that is presented in this form only. */
function takes(id: RequirementId, place: 'query' | 'header', name: string): Invariant {
  return perMicrophone(id, function* (conversation) {
    const { request } = conversation;
    const [form, ...others] = presentedBy(conversation);
    if (request === undefined || form?.place !== place || form.name !== name || others.length > 0) return;
    const isGood = hasGoodCredential(conversation);
    if (isGood === false) return;
    const admission = admissionOf(conversation);
    if (admission.kind === 'open') return;
    const events = evidence(request.index, admission.index);
    const expected = `a session with the token in ${place} ${name}`;
    if (admission.kind === 'started') yield held(...events);
    // A trace recorded by others does not show whether the token was valid.
    else if (isGood === undefined) return;
    else if (admission.how === 'http' && [401, 403].includes(admission.status)) {
      yield broken(events, expected, describeAdmission(admission));
    } else if (admission.how !== 'http' && isPlain(conversation)) {
      // The beginning of a session may have come in an unreadable message.
      const finding = broken(events, expected, describeAdmission(admission));
      yield awaiting(finding, [request.index, admission.index]);
    } else {
      const occasion: Occasion = {
        outcome: 'unclear',
        events,
        expected,
        actual: isPlain(conversation)
          ? describeAdmission(admission)
          : `${describeAdmission(admission)}, possibly for another parameter`,
      };
      const isTrouble = admission.how === 'http' && admission.status >= 500 && isPlain(conversation);
      yield isTrouble ? ifInOrder('broken', 'scriptix', occasion) : occasion;
    }
  });
}

/** A page cannot set headers (S0:31), so a client with custom headers that claims to be a browser is wrong. */
function* browser(conversation: Conversation): Iterable<Occasion> {
  const { request, context } = conversation;
  if (request === undefined || context.credential === 'missing') return;
  const userAgent = headersOf(request.event.headers).get('user-agent') ?? '';
  if (!/^Mozilla\//.test(userAgent) || (!wasOpen(conversation) && conversation.response === undefined))
    return;
  const presented = presentedBy(conversation);
  const places = presented.map(({ place, name }) => `${place} ${name}`).join(', ');
  yield heldIf(
    presented.length > 0 && presented.every(({ place }) => place === 'query'),
    [request.index],
    'a browser gives the token as query parameter',
    () => (places === '' ? 'no query parameter token' : `the token in ${places}`),
  );
}
