import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, held, heldIf, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { perStream, wasOpen } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';

/** What a client of stream mode puts into its URL, and that it sends nothing else (S2:15,23,128,133). */
export const streamClient: readonly Invariant[] = [
  perStream('SX-STR-001', function* ({ request, query }) {
    if (request === undefined) return;
    yield heldIf(
      (query.get('url') ?? '') !== '',
      [request.index],
      'a url that is not empty',
      () => `url: ${shown(query.get('url') ?? undefined)}`,
    );
  }),
  perStream('SX-STR-003', function* ({ request, query }) {
    if (request === undefined) return;
    yield heldIf(
      !query.has('token'),
      [request.index],
      'the token in the path only',
      () => 'a query parameter token',
    );
  }),
  perStream('SX-STR-004', survives),
  perStream('SX-STR-005', (conversation) => never(conversation, 'audio')),
  perStream('SX-STR-006', (conversation) => never(conversation, 'start')),
];

/** Parameters of this connection. The last one selects a scenario of the fake. */
const OWN = ['token', 'type', 'language', 'url', 'scenario'];
/** Parameters of signed addresses, as used by Azure, Amazon S3 and CloudFront, and Google. */
const SIGNED =
  /^(?:s[vetrpi]|sig|spr|ss|srt|sdd|skoid|sktid|skt|ske|sks|skv|ses|x-(?:amz|goog)-.+|signature|expires|policy|key-pair-id)$/i;

/** What follows an unencoded `&` becomes a parameter of the connection. */
function* survives({ request, query }: Conversation): Iterable<Occasion> {
  const url = query.get('url') ?? '';
  if (request === undefined || !url.includes('?')) return;
  const strays = [...query.keys()].filter((name) => !OWN.includes(name));
  const torn = strays.filter((name) => SIGNED.test(name));
  const expected = 'a url that is percent-encoded as a whole';
  const actual = `parameters beside url that belong to it: ${torn.join(', ')}`;
  if (torn.length > 0) yield broken([request.index], expected, actual);
  // Unknown parameters may belong to the service.
  else if (strays.length === 0) yield held(request.index);
}

function* never(conversation: Conversation, kind: 'audio' | 'start'): Iterable<Occasion> {
  const { request, response, said, moments } = conversation;
  if (!wasOpen(conversation)) return;
  const sent = said.filter(({ message }) => {
    return message.kind === kind || (message.kind === 'in-binary' && message.is === kind);
  });
  if (sent.length === 0) yield held(...evidence(request?.index, response?.index ?? moments[0]?.index));
  for (const { index } of sent) yield broken([index], `no ${kind} in stream mode`, `the client sent ${kind}`);
}
