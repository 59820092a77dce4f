import { scriptixEdition } from '../../../../protocol/editions.ts';
import { NOT_SERVED } from '../../shared/not-served.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, held, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { evidence } from '../../shared/evidence.ts';
import { hasGoodCredential, perMicrophone, perStream } from '../conversations.ts';
import { isFutile } from '../modes/sources.ts';

/** The paths of the two modes (S0:7; S1:12; S2:11,15). */
export const endpoint: readonly Invariant[] = [
  perMicrophone('SX-CONN-002', (conversation) => {
    // A client may choose if there are two paths; the shorter one is covered by another requirement.
    return isShort(conversation) ? [] : at(conversation, LONG, '/v2/realtime');
  }),
  perMicrophone('SX-CONN-022', (conversation) => {
    return isShort(conversation) ? at(conversation, /\/realtime$/, '/realtime') : [];
  }),
  // An empty token is covered by another requirement.
  perStream('SX-CONN-003', (conversation) =>
    at(conversation, /\/v2\/client\/[^/]*$/, '/v2/client/{token}, the token being one segment'),
  ),
];

const LONG = /\/v2\/realtime$/;

function isShort({ path, editions }: Conversation): boolean {
  return scriptixEdition(editions).hasShortPath && path.endsWith('/realtime') && !LONG.test(path);
}

/** The client requests the path, and the server serves it. A refusal for another reason says nothing about the path. */
function* at(conversation: Conversation, pattern: RegExp, expected: string): Iterable<Occasion> {
  const { request, response, path, isOpen } = conversation;
  if (request === undefined) return;
  const answered = evidence(request.index, response?.index);
  if (!pattern.test(path)) yield broken([request.index], expected, `path ${path}`);
  else if (isOpen) yield held(...answered);
  // A client without a valid token may get a 404, or it may be the stream itself that was not found.
  else if (hasGoodCredential(conversation) === false || isFutile(conversation)) return;
  else if (response !== undefined && NOT_SERVED.includes(response.event.status)) {
    yield broken(answered, `${expected} is served`, `HTTP ${response.event.status}`);
  }
}
