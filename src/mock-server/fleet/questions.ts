import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '../../runtime/errors.ts';
import type { Listed, ListQuery } from '../control/describe.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import type { Sum } from '../journal/usage.ts';
import type { Expectation, Looked } from '../verify/verify.ts';

/** The header that distinguishes replicas from other callers. */
export const SECRET_HEADER = 'x-understudy-replica';

/** An object as the control API describes it. */
export type Described = Readonly<Record<string, unknown>>;

/** The questions to a replica and its answers, both as JSON. */
export interface Answers {
  /** Whether it answers. */
  readonly ping: [undefined, unknown];
  /** Answered when it has applied everything up to a version. */
  readonly reached: [number, unknown];
  readonly list: [ListQuery, Listed];
  /** The calls over HTTP that it remembers. */
  readonly requests: [undefined, readonly Described[]];
  /** A session that is handed out; null if it was never opened. */
  readonly handOut: [string, Described | null];
  readonly has: [string, boolean];
  readonly verify: [readonly Expectation[], readonly Looked[]];
  readonly usage: [undefined, readonly Sum[]];
  /** The number of its next event, and how many of those before were about its own connections and calls. */
  readonly happened: [undefined, { readonly next: number; readonly own: number }];
}

/** The name of a question. */
export type ReplicaQuestion = keyof Answers;

/** How a replica answers each question. */
export type Answering = {
  readonly [Each in ReplicaQuestion]: (
    given: Answers[Each][0],
  ) => Answers[Each][1] | Promise<Answers[Each][1]>;
};

/** The longest question, in bytes: a call of the control API, and what surrounds it. */
const LONGEST_QUESTION_BYTES = 4 * 2 ** 20;
const ASK = '/ask/';
const SIGN = '/sign/';
const ALL = '/all';

/** What a replica needs to answer the others, once it has begun. */
export interface Answerer {
  readonly answers: Answering;
  /** Answers calls about its own sessions. */
  readonly control: (request: IncomingMessage, response: ServerResponse) => void;
  /** Answers calls about all sessions. */
  readonly controlOfAll: (request: IncomingMessage, response: ServerResponse) => void;
}

/** The path of a call of the control API that one replica answers for all. */
export function pathOfAll(path: string): string {
  return `${ALL}${path}`;
}

/** The path that only the replica with this sign has: a request there shows which replica is reached. */
export function pathOfSign(sign: string): string {
  return `${SIGN}${sign}`;
}

/** Answers other replicas, and no one else. */
export function newAnswerServer(secret: Promise<string>, answerer: Promise<Answerer>, sign: string): Server {
  return createServer((request, response) => {
    if (request.url?.startsWith(SIGN) === true)
      return void response.writeHead(request.url === pathOfSign(sign) ? 204 : 404).end();
    Promise.all([secret, answerer])
      .then(([own, { answers, control, controlOfAll }]) => {
        const { [SECRET_HEADER]: given, ...headers } = request.headers;
        if (!isSecret(given, own)) return void response.writeHead(403).end();
        request.headers = headers;
        const { url = '' } = request;
        if (url.startsWith(ASK)) return answer(answers, url.slice(ASK.length), request, response);
        if (!url.startsWith(`${ALL}/`)) return control(request, response);
        request.url = url.slice(ALL.length);
        return controlOfAll(request, response);
      })
      .catch((error: unknown) => {
        if (response.headersSent) return void response.destroy();
        response.writeHead(error instanceof CannotTell ? error.status : 500).end(messageOf(error));
      });
  });
}

async function answer(
  answers: Answering,
  question: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!Object.hasOwn(answers, question)) return void response.writeHead(404).end('unknown question');
  const parts: Buffer[] = [];
  let byteCount = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    parts.push(part);
    byteCount += part.length;
    if (byteCount > LONGEST_QUESTION_BYTES) return void response.writeHead(413).end('too long');
  }
  const given: unknown = JSON.parse(Buffer.concat(parts).toString());
  // Another replica of the same version has asked.
  const of = answers[question as ReplicaQuestion] as (given: unknown) => unknown;
  const said = await of(given ?? undefined);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said ?? null));
}

function isSecret(given: unknown, own: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(own));
}
