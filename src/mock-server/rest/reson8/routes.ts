import { json, type Express, type Request, type RequestHandler, type Response } from 'express';
import type { HttpAnswer } from '../../dialects/dialect.ts';
import { credentialOf, socketRefusalOf } from '../../dialects/reson8/request.ts';
import { asScenario } from '../as-scenario.ts';
import { answerAs, editionsOf, only } from '../answers.ts';
import { selectedFor } from '../selected.ts';
import type { Tokens } from '../../dialects/reson8/tokens.ts';
import type { RestOptions } from '../options.ts';
import { modelAnswers, type ModelAnswers } from './model-answers.ts';
import { PRERECORDED_PATH } from './path.ts';
import { prerecorded } from './prerecorded.ts';
import { keyIn, TOKEN_PATH, tokenAnswer, tokenForm } from './token.ts';

const MODELS_PATH = '/v1/custom-model';

/** Thousands of phrases, whatever content type the client sends. */
const jsonBody = json({ limit: '1mb', type: () => true });

/** The call that brings a recording. It comes before the routes whose bodies are short. */
export function recordingRoute(app: Express, options: RestOptions): void {
  const recognise = prerecorded(options.prerecorded);
  app
    .route(PRERECORDED_PATH)
    .post(asScenario(options, withToken(options), 'prerecorded'), async (request, response) => {
      const key = keyOf(options, request, response);
      if (key === undefined) return;
      const answer = await recognise(request, queryOf(request), editionsOf(options, request), key);
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
  const issue: Tokens['issue'] = (key, lifeMs) => tokens.issue(key, lifeMs);
  const api = { dialect: 'reson8-rest', tokenOf: keyIn, keys, issue } as const;
  app
    .route(TOKEN_PATH)
    .post(tokenForm, asScenario(options, api, 'token'), (request, response) => {
      const lifeMs = selectedFor(request)?.tokenLifeMs;
      answerAs(options, request, response, tokenAnswer(request, keys, tokens, lifeMs));
    })
    .all(only('POST', options));

  const admit: RequestHandler = (request, response, next) => {
    const key = keyOf(options, request, response);
    if (key === undefined) return;
    response.locals['key'] = key;
    next();
  };
  const letIn = [asScenario(options, withToken(options), 'custom-model'), admit];
  type AnswerOf = (models: ModelAnswers, key: string, request: Request) => HttpAnswer;
  const answer = (answerOf: AnswerOf): RequestHandler => {
    return async (request, response) => {
      const said = await options.withModels(String(response.locals['key']), (models, key) =>
        answerOf(modelAnswers(models), key, request),
      );
      answerAs(options, request, response, said);
    };
  };
  const idOf = ({ params }: Request) => String(params['id']);
  const bodyOf = ({ body }: Request): unknown => body;
  app
    .route(MODELS_PATH)
    .get(
      letIn,
      answer((models, key) => models.list(key)),
    )
    .post(
      letIn,
      jsonBody,
      answer((models, key, request) => models.create(key, bodyOf(request))),
    )
    .all(only('GET, HEAD, POST', options));
  app
    .route(`${MODELS_PATH}/:id`)
    .get(
      letIn,
      answer((models, key, request) => models.show(key, idOf(request))),
    )
    .all(only('GET, HEAD', options));
  app
    .route(`${MODELS_PATH}/:id/phrases`)
    .get(
      letIn,
      answer((models, key, request) => models.phrases(key, idOf(request), queryOf(request))),
    )
    .post(
      letIn,
      jsonBody,
      answer((models, key, request) => models.add(key, idOf(request), bodyOf(request))),
    )
    .all(only('GET, HEAD, POST', options));
  app
    .route(`${MODELS_PATH}/:id/phrases/delete`)
    .post(
      letIn,
      jsonBody,
      answer((models, key, request) => models.remove(key, idOf(request), bodyOf(request))),
    )
    .all(only('POST', options));
}

/** For calls that also accept an access token, and may have a body that has not been read yet. */
function withToken(options: RestOptions) {
  return {
    dialect: 'reson8-rest',
    tokenOf: (request: Request) => callerOf(options, request),
    keys: options.keys,
    onEarly: (request: Request, response: Response) => leaveBody(options, request, response),
  } as const;
}

/** Checks the credential as the sockets do. Returns the key; if it is refused, the client has been answered. */
function keyOf(options: RestOptions, request: Request, response: Response): string | undefined {
  const { tokens } = options;
  const credential = credentialOf(request.headers);
  const refusal = socketRefusalOf(credential, tokens.keys);
  if (refusal === undefined) return keyBehind(credential.key, tokens)?.key;
  answerAs(options, request, response, refusal);
  leaveBody(options, request, response);
  return undefined;
}

/** The sender of a request, admitted or not: its key, even if it presents a token made from that key. */
function callerOf({ tokens, onCaller }: RestOptions, request: Request): string | undefined {
  const behind = keyBehind(credentialOf(request.headers).key, tokens);
  if (behind?.hasAccessToken === true) onCaller(request, { token: behind.key, hasAccessToken: true });
  return behind?.key;
}

/** The key that was presented, or that the presented token was made from. */
function keyBehind(presented: string | undefined, tokens: Tokens) {
  const read = presented === undefined ? undefined : tokens.read(presented);
  if (read === undefined || read === 'forged') {
    return presented === undefined ? undefined : { key: presented, hasAccessToken: false };
  }
  return { key: read.key, hasAccessToken: true };
}

/**
 * Lets a client that was answered early send the rest of its body, so that it can read the answer. Even a body that has
 * come in full is in the way of the next request until it has been read.
 */
function leaveBody({ limitBody }: RestOptions, request: Request, response: Response): void {
  limitBody(request, response);
  // An iterator over the body, even one that was left, keeps it from flowing.
  request.removeAllListeners('readable').resume();
}

function queryOf(request: Request): URLSearchParams {
  return new URL(request.url, 'http://any').searchParams;
}
