import type { Asked, Fields, HttpReply, Mutating, Mutation } from './mutation.ts';

export const TOKEN = '/v1/auth/token';
export const UNAUTHORIZED: HttpReply = {
  status: 401,
  body: { code: 'UNAUTHORIZED', message: 'Invalid or expired credentials' },
};

/** Changes the 200s of a call. */
export function answering(path: string, change: (body: Fields) => Fields): Mutation {
  return {
    rest: () => ({
      answer: (call, reply) =>
        call.path === path && reply.status === 200
          ? { ...reply, body: change(reply.body as Fields) }
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
