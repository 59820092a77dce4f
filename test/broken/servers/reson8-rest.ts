import type { Broken } from '../harness/broken.ts';
import { answering, oncePerToken, TOKEN } from '../harness/reson8-rest.ts';
import { without } from '../harness/changes.ts';

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
    mutation: {
      rest: () => ({
        answer: ({ path }, reply) =>
          path === TOKEN && reply.status === 401 ? { ...reply, status: 403 } : undefined,
      }),
    },
  },
  {
    id: 'R8-TOK-003',
    dialect: 'reson8',
    breaks: 'issues an access token to a bad key',
    mutation: {
      rest: () => ({
        answer: ({ path }, reply) =>
          path === TOKEN && reply.status === 401
            ? { status: 200, body: { access_token: 'for-anyone', token_type: 'Bearer', expires_in: 600 } }
            : undefined,
      }),
    },
  },
];
