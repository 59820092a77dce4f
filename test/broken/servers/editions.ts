import type { EditionNames } from '../../../src/protocol/editions.ts';
import type { Broken, Legal } from '../harness/broken.ts';
import { is, refusing, saying, sayingOnce, without } from '../harness/changes.ts';
import type { Fields } from '../harness/mutation.ts';
import { pinging } from '../harness/odd-transport.ts';

/** A server is judged by the edition that it speaks. */
interface InEdition {
  readonly edition: Exclude<EditionNames['scriptix'], 'documents'>;
}

type KaldiWord = readonly [string, number, number, number];

const isListening = is('listening');
const isShort = ({ path }: { readonly path: string }) => path === '/realtime';
const isPartial = (message: Fields) => 'partial' in message;
const isResult = (message: Fields) => 'result' in message;

function withResult(message: Fields, change: (word: KaldiWord, at: number) => readonly unknown[]): Fields {
  return { ...message, result: (message['result'] as readonly KaldiWord[]).map(change) };
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
];
