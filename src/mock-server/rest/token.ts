import { urlencoded, type Request, type RequestHandler } from 'express';
import type { HttpAnswer } from '../dialects/dialect.ts';
import { opensRealtime, type Keys } from '../dialects/keys.ts';
import { RESON8_FORM } from '../dialects/reson8/form.ts';
import { EXPIRES_IN_S, isToken, type Tokens } from '../dialects/reson8/tokens.ts';

export const TOKEN_PATH = '/v1/auth/token';

/** A form has three short fields. */
const LONGEST_FORM_BYTES = 16_384;

/** Reads the form of the older kind of request; any other body means nothing. */
export const tokenForm: RequestHandler = urlencoded({ extended: false, limit: LONGEST_FORM_BYTES });

/**
 * What Reson8 answers a request for an access token: `Authorization: ApiKey …`, or the older form with the key as its
 * `client_secret`.
 */
export function tokenAnswer(request: Request, keys: Keys, tokens: Tokens): HttpAnswer {
  const key = /^ApiKey +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? secretOf(request);
  if (typeof key === 'object') return key;
  const verdict = keys(key);
  if (key === undefined || verdict === 'missing') return RESON8_FORM.problem(401, 'Missing credentials');
  if (isToken(key))
    return RESON8_FORM.problem(401, 'An access token is made from an API key, not from another');
  if (!opensRealtime(verdict)) return RESON8_FORM.problem(401, 'Invalid or expired credentials');
  return {
    status: 200,
    headers: { 'Cache-Control': 'no-store' },
    body: { access_token: tokens.issue(key), token_type: 'Bearer', expires_in: EXPIRES_IN_S },
  };
}

/** The key in a form, undefined without one, or what is wrong with the form. */
function secretOf({ body }: Request): string | undefined | HttpAnswer {
  const form = (body ?? {}) as Readonly<Record<string, unknown>>;
  const { grant_type: grant, client_id: id, client_secret: secret } = form;
  if (grant === undefined && id === undefined && secret === undefined) return undefined;
  const wrong = [
    ...(grant === 'client_credentials' ? [] : ['grant_type: expected client_credentials']),
    ...(isText(id) ? [] : ['client_id: expected one that is not empty']),
    ...(isText(secret) ? [] : ['client_secret: expected the API key']),
  ];
  return wrong.length > 0 ? RESON8_FORM.problem(400, wrong.join('; ')) : String(secret);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
