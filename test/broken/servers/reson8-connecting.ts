import type { Broken } from '../harness/broken.ts';
import { asksFor, isTranscript, onEach, refusing, saying, taking, withQuery } from '../harness/changes.ts';
import { presentedBy } from '../harness/reson8-rest.ts';
import type { Asked, HttpReply } from '../harness/mutation.ts';

function refusal(status: number, code: string): HttpReply {
  return { status, body: { code, message: 'No' } };
}

const UNAUTHORIZED = refusal(401, 'UNAUTHORIZED');

function has(pattern: RegExp): (asked: Asked) => boolean {
  return ({ headers }) => pattern.test(headers.authorization ?? '');
}

function offers({ headers }: Asked): boolean {
  return headers['sec-websocket-protocol'] !== undefined;
}

function asRightful({ headers }: Asked): Partial<Asked> {
  return { headers: { ...headers, authorization: 'ApiKey right-key' } };
}

/** Connections, credentials, parameters, and the form of messages (S4:1-30,84-134). */
export const reson8Connecting: readonly Broken[] = [
  {
    id: 'R8-CONN-001',
    dialect: 'reson8',
    breaks: 'serves nothing at its path for clients that ask for confidences',
    mutation: refusing(asksFor('confidence'), refusal(404, 'NOT_FOUND')),
  },
  {
    id: 'R8-AUTH-002',
    dialect: 'reson8',
    breaks: 'does not accept an API key',
    mutation: refusing(has(/^ApiKey/), UNAUTHORIZED),
  },
  {
    id: 'R8-AUTH-003',
    dialect: 'reson8',
    breaks: 'does not accept a bearer token',
    mutation: refusing(has(/^Bearer/), UNAUTHORIZED),
  },
  {
    id: 'R8-AUTH-004',
    dialect: 'reson8',
    breaks: 'does not accept a token as subprotocol, and says so after the upgrade',
    mutation: onEach(offers, () => ({
      onOpen(line) {
        line.say({ type: 'error', code: 'UNAUTHORIZED', message: 'No' });
        line.close(1008);
      },
      onSaid: () => undefined,
    })),
  },
  {
    id: 'R8-AUTH-005',
    dialect: 'reson8',
    breaks: 'selects none of the subprotocols that were offered',
    unavoidable: [{ id: 'R8-AUTH-006', why: 'if none is selected, no wrong one is' }],
    mutation: { subprotocol: () => false },
  },
  {
    id: 'R8-AUTH-006',
    dialect: 'reson8',
    breaks: 'selects the token as subprotocol',
    mutation: { subprotocol: (selected, asked) => (selected === '' ? false : (presentedBy(asked) ?? false)) },
  },
  {
    id: 'R8-AUTH-007',
    dialect: 'reson8',
    breaks: 'does not check whether a key is valid',
    mutation: taking(has(/invalid-key/), asRightful),
  },
  {
    id: 'R8-AUTH-008',
    dialect: 'reson8',
    breaks: 'accepts clients without credentials',
    mutation: taking((asked) => !has(/./)(asked) && !offers(asked), asRightful),
  },
  {
    id: 'R8-QRY-005',
    dialect: 'reson8',
    breaks: 'accepts any sample rate',
    mutation: taking(
      ({ query }) => query.get('sample_rate') === 'fast',
      (asked) => withQuery(asked, { sample_rate: '16000' }),
    ),
  },
  {
    id: 'R8-QRY-005',
    dialect: 'reson8',
    breaks: 'answers an invalid parameter with 500, and nothing else',
    mutation: {
      refusal: (reply) => (reply.status === 400 ? refusal(500, 'INTERNAL_ERROR') : reply),
    },
  },
  {
    id: 'R8-QRY-007',
    dialect: 'reson8',
    breaks: 'requires the encoding',
    mutation: refusing(({ query }) => !query.has('encoding'), refusal(400, 'INVALID_REQUEST')),
  },
  {
    id: 'R8-MSG-001',
    dialect: 'reson8',
    breaks: 'sends messages without a type',
    mutation: saying(isTranscript, (message) => [message, { busy: false }], asksFor('confidence')),
  },
  {
    id: 'R8-MSG-002',
    dialect: 'reson8',
    breaks: 'sends messages of a type that is not documented',
    mutation: saying(isTranscript, (message) => [message, { type: 'metadata' }], asksFor('confidence')),
  },
  {
    id: 'R8-ERR-001',
    dialect: 'reson8',
    breaks: 'has an undocumented name for an invalid parameter',
    mutation: {
      refusal: (reply) =>
        reply.status === 400 ? { ...reply, body: { code: 'BAD_PARAMETER', message: 'No' } } : reply,
    },
  },
];
