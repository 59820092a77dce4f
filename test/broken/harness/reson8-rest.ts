import type { Asked, Call, Fields, HttpReply, Mutating, Mutation } from './mutation.ts';

export const TOKEN = '/v1/auth/token';
export const RECORDING = '/v1/speech-to-text/prerecorded';
export const UNAUTHORIZED: HttpReply = {
  status: 401,
  body: { code: 'UNAUTHORIZED', message: 'Invalid or expired credentials' },
};

/** The same in the form of RFC 9457. */
export const PROBLEM: HttpReply = {
  status: 401,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: 'about:blank', title: 'unauthorized', status: 401 },
};

/** Changes the 200s of a call. */
export function answering(path: string, change: (body: Fields, call: Call) => Fields): Mutation {
  return {
    rest: () => ({
      answer: (call, reply) =>
        call.path === path && reply.status === 200
          ? { ...reply, body: change(reply.body as Fields, call) }
          : undefined,
    }),
  };
}

/** Answers a call otherwise where the fake answers with this status. */
export function replacing(path: string, status: number, by: HttpReply): Mutation {
  return {
    rest: () => ({
      answer: (call, reply) => (call.path === path && reply.status === status ? by : undefined),
    }),
  };
}

/** Changes the problem details with which calls are refused. */
export function onRefusedCalls(change: (reply: HttpReply, problem: Fields) => HttpReply): Mutation {
  return {
    rest: () => ({
      answer: (_call, reply) =>
        reply.status >= 400 && reply.status < 500
          ? change(reply, JSON.parse(String(reply.body)) as Fields)
          : undefined,
    }),
  };
}

/** What a connection presents as an access token. */
export function presentedBy({ headers }: Asked): string | undefined {
  const { authorization = '', 'sec-websocket-protocol': offered = '' } = headers;
  return /^Bearer (.+)$/.exec(authorization)?.[1] ?? /^bearer, *(.+)$/.exec(offered)?.[1];
}

/** Refuses a token that was presented before. */
export const oncePerToken: Mutating = () => {
  const seen = new Set<string>();
  return {
    admit(asked) {
      const token = presentedBy(asked);
      if (token === undefined) return undefined;
      if (seen.has(token)) return { kind: 'refuse', reply: UNAUTHORIZED };
      seen.add(token);
      return undefined;
    },
  };
};
