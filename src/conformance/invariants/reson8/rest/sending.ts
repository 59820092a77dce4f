import { PRERECORDED_PATH, RECORDING_ENCODINGS } from '../../../../protocol/reson8/rest.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { heldIf, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { isAtPath } from '../../shared/at-path.ts';
import { headerOf } from '../../shared/header-of.ts';
import { credentialsOf } from '../opening/credentials.ts';

/** How clients send recordings. A trace does not contain their bytes. */
export const sending: readonly Invariant[] = [
  {
    id: 'R8-PRE-005',
    *judge({ conversations }) {
      for (const conversation of conversations) yield* sentWell(conversation);
    },
  },
];

/** Types of bodies in which the audio is wrapped in something else. */
const WRAPPED = /^(multipart\/[\w-]+|application\/json|application\/x-www-form-urlencoded)\b/i;

function* sentWell(conversation: Conversation): Generator<Occasion> {
  const { dialect, request, path, context, query } = conversation;
  if (dialect !== 'reson8-rest' || request?.event.method !== 'POST') return;
  // The credential was left out on purpose.
  if (!isAtPath(path, PRERECORDED_PATH) || context.credential === 'missing') return;
  const { headers } = request.event;
  const encodings = query.getAll('encoding');
  const isKnown = encodings.every((each) => RECORDING_ENCODINGS.some((known) => known === each));
  const forms = credentialsOf(conversation).filter(({ place }) => place === 'header');
  const [wrapper] = WRAPPED.exec(headerOf(headers, 'content-type').trim()) ?? [];
  const wrong = [
    ...(isKnown && encodings.length < 2 ? [] : [`encoding: ${encodings.map(shown).join(' and ')}`]),
    ...(forms.length === 1 ? [] : ['no documented credential']),
    ...(wrapper === undefined ? [] : [`a body of ${wrapper.toLowerCase()}`]),
  ];
  // An empty body contains no recording: some clients test a key in this way.
  const isEmpty =
    headerOf(headers, 'transfer-encoding') === '' && Number(headerOf(headers, 'content-length')) === 0;
  if (isEmpty && wrong.length === 0) return;
  const expected = 'audio as the body, a documented encoding, and Authorization: ApiKey or Bearer';
  yield heldIf(wrong.length === 0, [request.index], expected, () => wrong.join(', '));
}
