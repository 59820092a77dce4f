import type { Vendor } from '../../../src/protocol/dialects.ts';
import type { EditionNames } from '../../../src/protocol/editions.ts';
import type { Broken, Legal } from '../harness/broken.ts';
import { is, refusing, saying, sayingOnce, without } from '../harness/changes.ts';
import type { Asked, Fields, HttpReply, Mutation } from '../harness/mutation.ts';
import { pinging } from '../harness/odd-transport.ts';
import { onRefusedCalls, RECORDING, replacing } from '../harness/reson8-rest.ts';

/** A server is judged by the edition that it speaks. */
interface InEdition {
  readonly edition: Exclude<EditionNames[Vendor], 'documents'>;
}

type KaldiWord = readonly [string, number, number, number];

const isListening = is('listening');
const isShort = ({ path }: { readonly path: string }) => path === '/realtime';
const isPartial = (message: Fields) => 'partial' in message;
const isResult = (message: Fields) => 'result' in message;

function withResult(message: Fields, change: (word: KaldiWord, at: number) => readonly unknown[]): Fields {
  return { ...message, result: (message['result'] as readonly KaldiWord[]).map(change) };
}

/** Changes the refusals of upgrades. */
function onRefusals(change: (reply: HttpReply, asked: Asked) => HttpReply): Mutation {
  return { refusal: change };
}

function presentsBadKey({ headers }: Asked): boolean {
  return headers.authorization?.endsWith(' invalid-key') === true;
}

/** What only an edition after the documents requires, and what is judged there by another shape. */
export const brokenInEditions: readonly (Broken & InEdition)[] = [
  {
    id: 'SX-STATE-008',
    dialect: 'scriptix',
    edition: 'examples',
    breaks: 'says loading before listening',
    mutation: saying(isListening, (message) => [{ state: 'loading' }, message]),
  },
  {
    id: 'SX-STATE-009',
    dialect: 'scriptix',
    edition: 'examples',
    breaks: 'has no session_id in listening',
    mutation: saying(isListening, (message) => without(message, 'session_id')),
  },
  {
    id: 'SX-CONN-022',
    dialect: 'scriptix',
    edition: 'examples',
    breaks: 'has nothing at /realtime (404)',
    mutation: refusing(isShort, { status: 404, body: { detail: 'Not Found' } }),
  },
  {
    id: 'SX-FIN-005',
    dialect: 'scriptix',
    edition: 'kaldi',
    breaks: 'has words without a confidence in a result',
    mutation: sayingOnce(1, isResult, (message) =>
      withResult(message, (word, at) => (at === 0 ? word.slice(0, 3) : word)),
    ),
  },
  {
    id: 'SX-FIN-010',
    dialect: 'scriptix',
    edition: 'kaldi',
    breaks: 'has words in a result that differ from its text',
    mutation: sayingOnce(1, isResult, (message) =>
      withResult(message, (word, at) => (at === 1 ? [' understudy', ...word.slice(1)] : word)),
    ),
  },
  {
    id: 'SX-FIN-016',
    dialect: 'scriptix',
    edition: 'kaldi',
    breaks: 'sends results twice',
    mutation: saying(isResult, (message) => [message, message]),
  },
  {
    id: 'R8-ERR-003',
    dialect: 'reson8',
    edition: '2026-08',
    breaks: 'gives the reason of a refused upgrade in a body only',
    mutation: onRefusals(({ status }) => ({ status, body: { message: 'No' } })),
  },
  {
    id: 'R8-ERR-003',
    dialect: 'reson8',
    edition: '2026-08',
    breaks: 'gives no reason when it refuses a key',
    mutation: onRefusals((reply) => (reply.status === 401 ? { status: 401 } : reply)),
  },
  {
    id: 'R8-ERR-003',
    dialect: 'reson8',
    edition: '2026-08',
    breaks: 'has an empty X-Error-Message where a parameter is wrong',
    mutation: onRefusals((reply) =>
      reply.status === 400 ? { ...reply, headers: { 'x-error-message': '' } } : reply,
    ),
  },
  {
    id: 'R8-ERR-004',
    dialect: 'reson8',
    edition: '2026-08',
    breaks: 'refuses calls in plain JSON',
    mutation: onRefusedCalls((reply) => ({ ...reply, headers: { 'content-type': 'application/json' } })),
  },
  {
    id: 'R8-ERR-004',
    dialect: 'reson8',
    edition: '2026-08',
    breaks: 'writes the codes of problem details in capitals',
    mutation: onRefusedCalls((reply, problem) => ({
      ...reply,
      body: { ...problem, code: String(problem['code']).toUpperCase() },
    })),
  },
  {
    id: 'R8-ERR-004',
    dialect: 'reson8',
    edition: '2026-08',
    breaks: 'has another status in its problem details',
    mutation: onRefusedCalls((reply, problem) => ({ ...reply, body: { ...problem, status: 500 } })),
  },
  {
    id: 'R8-AUTH-007',
    dialect: 'reson8',
    edition: '2026-08',
    breaks: 'refuses a key with 403, and says why in X-Error-Message',
    mutation: onRefusals((reply, asked) =>
      reply.status === 401 && presentsBadKey(asked)
        ? { status: 403, headers: { 'x-error-message': 'The key is not known' } }
        : reply,
    ),
  },
  {
    id: 'R8-PRE-003',
    dialect: 'reson8',
    edition: '2026-08',
    breaks: 'answers a recording with a bad key with 403 in problem details',
    mutation: replacing(RECORDING, 401, {
      status: 403,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: 'about:blank', title: 'Forbidden', status: 403, code: 'forbidden' },
    }),
  },
];

export const legalInEditions: readonly (Legal & InEdition)[] = [
  {
    dialect: 'scriptix',
    edition: 'examples',
    does: 'has undocumented fields in listening',
    because: 'optional fields exist (S1:42)',
    mutation: saying(isListening, (message) => ({ ...message, model: 'fast' })),
  },
  {
    dialect: 'scriptix',
    edition: 'examples',
    does: 'pings with every message',
    because: 'RFC 6455 §5.5.2',
    mutation: pinging,
  },
  {
    dialect: 'scriptix',
    edition: 'kaldi',
    does: 'does not name a speaker',
    because: 'not every model tells them apart',
    mutation: saying(isResult, (message) => without(message, 'speaker')),
  },
  {
    dialect: 'scriptix',
    edition: 'kaldi',
    does: 'repeats each partial',
    because: 'no document forbids it',
    mutation: saying(isPartial, (message) => [message, message]),
  },
  {
    dialect: 'reson8',
    edition: '2026-08',
    does: 'has more fields in its problem details, and other titles',
    because: 'RFC 9457 §3.2',
    mutation: onRefusedCalls((reply, problem) => ({
      ...reply,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: { ...problem, title: 'No', instance: '/requests/1', trace: 7 },
    })),
  },
  {
    dialect: 'reson8',
    edition: '2026-08',
    does: 'writes X-Error-Message in small letters, with a reason of its own',
    because: 'RFC 9110 §5.1',
    mutation: onRefusals(({ status }) => ({ status, headers: { 'x-error-message': 'no' } })),
  },
];
