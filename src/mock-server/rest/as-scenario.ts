import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../../runtime/clock.ts';
import { sleep } from '../../runtime/wait.ts';
import type { Call, RestDialect } from '../../scenario/dialects/calls.ts';
import { filledBody, filledTexts } from '../../scenario/placeholders.ts';
import { endTcp } from '../../wire/tcp.ts';
import type { HttpAnswer } from '../dialects/dialect.ts';
import type { Keys } from '../dialects/keys.ts';
import type { Tokens } from '../dialects/reson8/tokens.ts';
import { askedBy } from '../selection/asked.ts';
import { answerText, encodedText } from '../upgrade/answer.ts';
import { inEditionOf } from './answers.ts';
import type { RestOptions } from './options.ts';
import { remember } from './selected.ts';

/** How scenarios apply to the calls of one API. */
interface Api {
  readonly dialect: RestDialect;
  /** What identifies a client: its key, also when it presents a token made from that key. */
  readonly tokenOf: (request: Request) => string | undefined;
  readonly keys: Keys;
  /** Issues an access token for a key, where the call is a request for one. */
  readonly issue?: Tokens['issue'];
  /** Called when a call is answered before its body was read. */
  readonly onEarly?: (request: Request, response: Response) => void;
}

/** Answers a call as the selected scenario says, or passes it on to the next handler. */
export function asScenario(options: RestOptions, api: Api, call: Call): RequestHandler {
  const { scenarios, clock } = options;
  return async (request, response, next) => {
    const token = api.tokenOf(request);
    const query = new URL(request.url, 'http://any').searchParams;
    const selected = await scenarios.select(api.dialect, { query, headers: request.headers, token });
    if (selected !== undefined) remember(request, selected);
    const answer = (await selected?.answer(call)) ?? 'as-documented';
    if (answer === 'as-documented') return next();
    if (typeof answer === 'string') {
      // The caller gets no answer until it gives up or the server stops.
      if (answer === 'hang') return api.onEarly?.(request, response);
      return endTcp(request.socket, answer === 'drop' ? 'fin' : 'reset');
    }
    const { status, afterMs } = answer;
    const asked = {
      ...askedBy(request, query, api.keys(token)),
      'access-token': token === undefined ? undefined : api.issue?.(token, selected?.tokenLifeMs),
    };
    const headers = filledTexts(answer.headers, asked);
    const body = filledBody(answer.body, asked);
    if (afterMs > 0) await later(clock, afterMs, response);
    if (response.destroyed) return;
    if (status === undefined) return next();
    send(request, response, inEditionOf(options, request, { status, headers, body }), answer.isCut);
    api.onEarly?.(request, response);
  };
}

function send(
  request: Request,
  response: Response,
  { status, headers = {}, body }: HttpAnswer,
  isCut: boolean,
): void {
  response.status(status).set(headers);
  if (body === undefined) return void response.end();
  if (isCut || response.hasHeader('content-encoding')) {
    if (!response.hasHeader('content-type')) response.type(typeof body === 'string' ? 'html' : 'json');
    const bytes = encodedText(answerText({ status, body }), headers);
    if (!isCut) return void response.send(bytes);
    response.set('content-length', String(bytes.length));
    return void response.end(bytes.subarray(0, Math.ceil(bytes.length / 2)), () =>
      endTcp(request.socket, 'fin'),
    );
  }
  if (typeof body === 'string') return void response.send(body);
  response.json(body);
}

/** Waits for scenario time, or for the client to go away. */
function later(clock: Clock, afterMs: number, response: Response): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return sleep(clock, afterMs, gone.signal);
}
