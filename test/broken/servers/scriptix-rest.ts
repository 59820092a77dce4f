import { undecided, type Broken } from '../harness/broken.ts';
import {
  fetches,
  isError,
  isPartial,
  isStream,
  onEach,
  saying,
  sayingOnce,
  without,
} from '../harness/changes.ts';
import type { Call, Fields, HttpReply, Mutation } from '../harness/mutation.ts';

const INITIALIZE = '/api/v4/realtime/initialize';
const STATUS = '/api/v4/realtime/status';
const KEY = 'x-zoom-s2t-key';

function detail(status: number, text: string): HttpReply {
  return { status, body: { detail: text } };
}

/** Changes the 200s of a call. */
function answering(path: string, change: (body: Fields) => Fields): Mutation {
  return replying((call, reply) =>
    call.path === path && reply.status === 200 ? { ...reply, body: change(reply.body as Fields) } : undefined,
  );
}

function replying(answer: (call: Call, reply: HttpReply) => HttpReply | undefined): Mutation {
  return { rest: () => ({ answer }) };
}

/** The nth call with a sufficient key gets this reply instead of the fake's. */
function answeringOnce(path: string, nth: number, reply: HttpReply): Mutation {
  return {
    rest: () => {
      let calls = 0;
      return {
        instead(call) {
          if (call.path !== path || call.headers[KEY] !== 'right-key') return undefined;
          calls += 1;
          return calls === nth ? reply : undefined;
        },
      };
    },
  };
}

function isBy(key: string | undefined, { headers }: Call): boolean {
  return headers[KEY] === key;
}

const READY: Fields = {
  status: 'ready',
  message: 'Realtime service is ready',
  ready: true,
  endpoint: 'ws://127.0.0.1/v2/realtime',
};

/** Errors and ends (S2:85-118), and the REST API (S3). */
export const scriptixRest: readonly Broken[] = [
  {
    id: 'SX-ERR-001',
    dialect: 'scriptix',
    breaks: 'sends errors without a text',
    mutation: saying(isError, () => ({ error: '' }), isStream),
  },
  {
    id: 'SX-ERR-002',
    dialect: 'scriptix',
    breaks: 'continues sending results after an error',
    mutation: sayingOnce(1, isPartial, (message) => [message, { error: 'Lost the model' }], fetches('m3u8$')),
  },
  {
    id: 'SX-ERR-003',
    dialect: 'scriptix',
    breaks: 'closes with 1001 at the end of a stream',
    mutation: onEach(fetches('m3u8$'), () => ({ onEnd: (_code, _reason, line) => line.close(1001) })),
  },
  {
    id: 'SX-REST-001',
    dialect: 'scriptix',
    breaks: 'does not know initialize the first time',
    mutation: answeringOnce(INITIALIZE, 1, detail(404, 'Not Found')),
  },
  {
    id: 'SX-REST-002',
    dialect: 'scriptix',
    breaks: 'does not know status the first time',
    mutation: answeringOnce(STATUS, 1, detail(404, 'Not Found')),
  },
  {
    id: 'SX-REST-004',
    dialect: 'scriptix',
    breaks: 'has no message in its status',
    mutation: answering(STATUS, (body) => without(body, 'message')),
  },
  {
    id: 'SX-REST-004',
    dialect: 'scriptix',
    breaks: 'stands behind a gateway that cuts all bodies short',
    unavoidable: undecided(
      'nothing can be read of a body that is cut',
      ...['SX-REST-005', 'SX-REST-006', 'SX-REST-007', 'SX-REST-008', 'SX-REST-009', 'SX-REST-010'],
      ...['SX-REST-011', 'SX-REST-012', 'SX-REST-013', 'SX-REST-018', 'SX-REST-019', 'SX-REST-020'],
      'SX-REST-021',
    ),
    mutation: replying((_call, reply) => ({ ...reply, body: JSON.stringify(reply.body).slice(0, -3) })),
  },
  {
    id: 'SX-REST-005',
    dialect: 'scriptix',
    breaks: 'has the status started after initialize',
    mutation: answering(INITIALIZE, (body) => ({ ...body, status: 'started' })),
  },
  {
    id: 'SX-REST-006',
    dialect: 'scriptix',
    breaks: 'is not ready after initialize',
    isDoubtful: true,
    mutation: answering(INITIALIZE, (body) => ({ ...body, ready: false })),
  },
  {
    id: 'SX-REST-007',
    dialect: 'scriptix',
    breaks: 'has the status sleeping when it is scaled down',
    unavoidable: [
      { id: 'SX-REST-018', why: 'a service that is never scaled down cannot be seen to stay so' },
      { id: 'SX-REST-021', why: 'nor to start' },
    ],
    mutation: answering(STATUS, (body) =>
      body['status'] === 'scaled_down' ? { ...body, status: 'sleeping' } : body,
    ),
  },
  {
    id: 'SX-REST-008',
    dialect: 'scriptix',
    breaks: 'says that it is ready while it is scaled down',
    mutation: answering(STATUS, (body) => ({ ...body, ready: true })),
  },
  {
    id: 'SX-REST-009',
    dialect: 'scriptix',
    breaks: 'has an endpoint without a host',
    mutation: answering(STATUS, (body) => ({ ...body, endpoint: '/v2/realtime' })),
  },
  {
    id: 'SX-REST-010',
    dialect: 'scriptix',
    breaks: 'gives its status to everyone',
    mutation: replying((call) =>
      call.path === STATUS && isBy(undefined, call) ? { status: 200, body: READY } : undefined,
    ),
  },
  {
    id: 'SX-REST-010',
    dialect: 'scriptix',
    breaks: 'stands behind a gateway that answers calls without a valid key with a page to log in (200)',
    unavoidable: undecided(
      'a page is not a refusal in the form of the service',
      'SX-REST-011',
      'SX-REST-012',
      'SX-REST-013',
    ),
    mutation: replying((_call, { status }) =>
      status === 401 || status === 403
        ? {
            status: 200,
            body: '<!doctype html><title>Log in</title>',
            headers: { 'content-type': 'text/html' },
          }
        : undefined,
    ),
  },
  {
    id: 'SX-REST-011',
    dialect: 'scriptix',
    breaks: 'has another text for an unknown key',
    mutation: replying((_call, { status }) => (status === 401 ? detail(401, 'Unauthorized') : undefined)),
  },
  {
    id: 'SX-REST-012',
    dialect: 'scriptix',
    breaks: 'lets everyone who has a key start it',
    unavoidable: [{ id: 'SX-REST-013', why: 'without a 403 its text is not seen' }],
    mutation: replying((call) =>
      call.path === INITIALIZE && isBy('user-key', call) ? { status: 200, body: READY } : undefined,
    ),
  },
  {
    id: 'SX-REST-013',
    dialect: 'scriptix',
    breaks: 'has another text for a key that may not start it',
    mutation: replying((_call, { status }) => (status === 403 ? detail(403, 'Forbidden') : undefined)),
  },
  {
    id: 'SX-REST-014',
    dialect: 'scriptix',
    breaks: 'gives its status to administrators only',
    mutation: replying((call) =>
      call.path === STATUS && isBy('user-key', call) ? detail(403, 'Not enough permissions') : undefined,
    ),
  },
  {
    id: 'SX-REST-015',
    dialect: 'scriptix',
    breaks: 'has another text for a 500 of initialize',
    mutation: answeringOnce(INITIALIZE, 1, detail(500, 'Oops')),
  },
  {
    id: 'SX-REST-016',
    dialect: 'scriptix',
    breaks: 'answers status with 503',
    mutation: answeringOnce(STATUS, 1, detail(503, 'Realtime service failed to start')),
  },
  {
    id: 'SX-REST-017',
    dialect: 'scriptix',
    breaks: 'has another text for a 503 of initialize',
    unavoidable: [{ id: 'SX-REST-016', why: 'there is a 503, from initialize, which is allowed' }],
    mutation: answeringOnce(INITIALIZE, 1, detail(503, 'Unavailable')),
  },
  {
    id: 'SX-REST-018',
    dialect: 'scriptix',
    breaks: 'starts when a client asks for its status',
    unavoidable: [{ id: 'SX-REST-021', why: 'it starts although no one has called initialize' }],
    mutation: {
      rest: (fake) => ({
        answer(call) {
          const isAsked = call.path === STATUS && isBy('right-key', call);
          if (isAsked && fake.service.status === 'scaled_down') fake.service.set('starting');
          return undefined;
        },
      }),
    },
  },
  {
    id: 'SX-REST-018',
    dialect: 'scriptix',
    breaks:
      'starts when a key without the admin scope asks for its status, which shows in the next probe only',
    unavoidable: [{ id: 'SX-REST-021', why: 'it starts although no one has called initialize' }],
    mutation: {
      rest: (fake) => ({
        answer(call) {
          const isAsked = call.path === STATUS && isBy('user-key', call);
          if (isAsked && fake.service.status === 'scaled_down') fake.service.set('starting');
          return undefined;
        },
      }),
    },
  },
  {
    id: 'SX-REST-019',
    dialect: 'scriptix',
    breaks: 'is still starting after initialize',
    mutation: {
      rest: () => {
        let isNext = false;
        return {
          answer({ path }, reply) {
            const wasNext = isNext && path === STATUS;
            isNext = path === INITIALIZE && reply.status === 200;
            const body = { ...(reply.body as Fields), status: 'starting', ready: false };
            return wasNext ? { ...reply, body } : undefined;
          },
        };
      },
    },
  },
  {
    id: 'SX-REST-020',
    dialect: 'scriptix',
    breaks: 'cannot be initialised twice',
    mutation: answeringOnce(INITIALIZE, 2, detail(409, 'Already initialised')),
  },
  {
    id: 'SX-REST-021',
    dialect: 'scriptix',
    breaks: 'starts when a client tries to connect',
    mutation: () => {
      let attempts = 0;
      return {
        admit(_asked, fake) {
          attempts += 1;
          // Not at the first connection, which is not judged.
          if (attempts > 1 && fake.service.status === 'scaled_down') fake.service.set('starting');
          return undefined;
        },
      };
    },
  },
  {
    id: 'SX-REST-022',
    dialect: 'scriptix',
    breaks: 'labels its JSON as text',
    mutation: replying((call, reply) =>
      call.path === STATUS ? { ...reply, headers: { 'content-type': 'text/plain' } } : undefined,
    ),
  },
];
