import type { Broken, Unavoidable } from '../harness/broken.ts';
import { detailsOf, without } from '../harness/changes.ts';
import { answering, oncePerToken, RECORDING, replacing, TOKEN } from '../harness/reson8-rest.ts';
import type { Fields } from '../harness/mutation.ts';

/** Nothing else can be judged of an answer that has no text. */
const WITHOUT_TEXT: readonly Unavoidable[] = ['R8-PRE-002', 'R8-PRE-004'].map((id) => ({
  id,
  why: 'there is no text whose words, times and segments could be judged',
}));

/** Access tokens. */
export const reson8Rest: readonly Broken[] = [
  {
    id: 'R8-TOK-001',
    dialect: 'reson8',
    breaks: 'does not say when its access tokens expire',
    mutation: answering(TOKEN, (body) => without(body, 'expires_in')),
  },
  {
    id: 'R8-TOK-001',
    dialect: 'reson8',
    breaks: 'issues access tokens of the type mac',
    mutation: answering(TOKEN, (body) => ({ ...body, token_type: 'mac' })),
  },
  {
    id: 'R8-TOK-002',
    dialect: 'reson8',
    breaks: 'accepts each access token once',
    mutation: oncePerToken,
  },
  {
    id: 'R8-TOK-002',
    dialect: 'reson8',
    breaks: 'says that its access tokens last a second, and accepts them for longer',
    mutation: answering(TOKEN, (body) => ({ ...body, expires_in: 1 })),
  },
  {
    id: 'R8-TOK-003',
    dialect: 'reson8',
    breaks: 'answers a bad key with 403 where it issues access tokens',
    mutation: replacing(TOKEN, 401, { status: 403, body: { code: 'FORBIDDEN', message: 'No' } }),
  },
  {
    id: 'R8-TOK-003',
    dialect: 'reson8',
    breaks: 'issues an access token to a bad key',
    mutation: replacing(TOKEN, 401, {
      status: 200,
      body: { access_token: 'for-anyone', token_type: 'Bearer', expires_in: 600 },
    }),
  },
];

/** Recordings. */
export const reson8Recordings: readonly Broken[] = [
  {
    id: 'R8-PRE-001',
    dialect: 'reson8',
    breaks: 'calls the text of a recording a transcript',
    unavoidable: WITHOUT_TEXT,
    mutation: answering(RECORDING, ({ text, ...rest }) => ({ transcript: text, ...rest })),
  },
  {
    id: 'R8-PRE-001',
    dialect: 'reson8',
    breaks: 'takes a recording and answers with 202',
    unavoidable: WITHOUT_TEXT,
    mutation: replacing(RECORDING, 200, { status: 202, body: { id: 'job-1' } }),
  },
  {
    id: 'R8-PRE-002',
    dialect: 'reson8',
    breaks: 'leaves the times out of the words of a recording',
    mutation: answering(RECORDING, (body) =>
      withWords(body, (word) => without(word, 'start_ms', 'duration_ms')),
    ),
  },
  {
    id: 'R8-PRE-002',
    dialect: 'reson8',
    breaks: 'has the confidence of words although only words were asked for',
    mutation: answering(RECORDING, (body) => withWords(body, (word) => ({ confidence: 0.9, ...word }))),
  },
  {
    id: 'R8-PRE-002',
    dialect: 'reson8',
    breaks: 'says which language a recording has although no one asked',
    mutation: answering(RECORDING, (body) => ({ language: 'en', ...body })),
  },
  {
    id: 'R8-PRE-003',
    dialect: 'reson8',
    breaks: 'transcribes an empty body, as an empty text',
    mutation: {
      rest: () => ({
        answer: ({ path, headers }, { status }) =>
          path === RECORDING && status === 400 && headers['content-length'] === '0'
            ? { status: 200, body: { text: '' } }
            : undefined,
      }),
    },
  },
  {
    id: 'R8-PRE-003',
    dialect: 'reson8',
    breaks: 'answers an unknown encoding with 422',
    mutation: {
      rest: () => ({
        answer: ({ path, query }, reply) =>
          path === RECORDING && reply.status === 400 && query.get('encoding') === 'none-such'
            ? { ...reply, status: 422 }
            : undefined,
      }),
    },
  },
  {
    id: 'R8-PRE-003',
    dialect: 'reson8',
    breaks: 'answers a recording with a bad key with 403',
    mutation: replacing(RECORDING, 401, { status: 403, body: { code: 'FORBIDDEN', message: 'No' } }),
  },
  {
    id: 'R8-PRE-004',
    dialect: 'reson8',
    breaks: 'has no segments although it was asked to tell speakers apart',
    mutation: answering(RECORDING, (body) => without(body, 'segments')),
  },
  {
    id: 'R8-PRE-004',
    dialect: 'reson8',
    breaks: 'leaves the first word out of its segments',
    mutation: answering(RECORDING, (body) =>
      'segments' in body
        ? { ...body, segments: withoutFirstWord(body['segments'] as readonly Fields[]) }
        : body,
    ),
  },
];

function withWords(body: Fields, change: (word: Fields) => Fields): Fields {
  return 'words' in body ? { ...body, words: detailsOf(body).map(change) } : body;
}

function withoutFirstWord([first, ...rest]: readonly Fields[]): readonly Fields[] {
  return [{ ...first, text: String(first?.['text']).replace(/^\S+ ?/, '') }, ...rest];
}
