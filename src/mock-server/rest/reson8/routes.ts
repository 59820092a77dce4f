import type { Express, Request, Response } from 'express';
import { credentialOf, refusalOf } from '../../dialects/reson8/request.ts';
import { answerAs, editionsOf, only } from '../answers.ts';
import type { RestOptions } from '../options.ts';
import { PRERECORDED_PATH } from './path.ts';
import { prerecorded } from './prerecorded.ts';
import { TOKEN_PATH, tokenAnswer, tokenForm } from './token.ts';

/** The call that brings a recording; before the routes whose bodies are short. */
export function recordingRoute(app: Express, options: RestOptions): void {
  const recognise = prerecorded(options.prerecorded);
  app
    .route(PRERECORDED_PATH)
    .post(async (request, response) => {
      if (!isLetIn(options, request, response)) return;
      const answer = await recognise(request, queryOf(request), editionsOf(options, request));
      if (answer === undefined || response.destroyed) return;
      answerAs(options, request, response, answer);
      leaveBody(options, request, response);
    })
    .all(
      (request, response, next) => {
        options.limitBody(request, response);
        next();
      },
      only('POST', options),
    );
}

/** The other calls of Reson8. */
export function reson8Routes(app: Express, options: RestOptions): void {
  const { keys, tokens } = options;
  app
    .route(TOKEN_PATH)
    .post(tokenForm, (request, response) => {
      answerAs(options, request, response, tokenAnswer(request, keys, tokens));
    })
    .all(only('POST', options));
}

/** Checks the credential as the sockets do; a client that may not in has its answer. */
function isLetIn(options: RestOptions, request: Request, response: Response): boolean {
  const { tokens, onCaller } = options;
  const credential = credentialOf(request.headers);
  const token = credential.key === undefined ? undefined : tokens.read(credential.key);
  if (token !== undefined && token !== 'forged')
    onCaller(request, { token: token.key, hasAccessToken: true });
  const refusal = refusalOf(credential, tokens.keys);
  if (refusal === undefined) return true;
  answerAs(options, request, response, refusal);
  leaveBody(options, request, response);
  return false;
}

/** Lets a client that was answered early send the rest of its body, so that it gets to read the answer. */
function leaveBody({ limitBody }: RestOptions, request: Request, response: Response): void {
  if (request.complete) return;
  limitBody(request, response);
  request.resume();
}

function queryOf(request: Request): URLSearchParams {
  return new URL(request.url, 'http://any').searchParams;
}
