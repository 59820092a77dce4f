import { fieldsOf } from '../../../runtime/json/fields.ts';
import { urlencoded, type Request, type RequestHandler } from 'express';
import type { HttpAnswer } from '../../dialects/dialect.ts';
import { opensRealtime, type Keys } from '../../dialects/keys.ts';
import { RESON8_FORM } from '../../dialects/reson8/form.ts';
import { isToken, TOKEN_LIFE_MS, type Tokens } from '../../dialects/reson8/tokens.ts';

/** The path of the call that issues access tokens. */
export const TOKEN_PATH = '/v1/auth/token';

const NO_KEY =
  'Missing credentials: expected Authorization: ApiKey KEY, or a form with grant_type, client_id and client_secret';

/** Enough for a form with three short fields. */
const LONGEST_FORM_BYTES = 16_384;

/** Reads the form of the older kind of request; ignores any other body. */
export const tokenForm: RequestHandler = urlencoded({ extended: false, limit: LONGEST_FORM_BYTES });

/**
 * Answers a request for an access token as Reson8 does. The key is in `Authorization: ApiKey …`, or is the
 * `client_secret` of the older form.
 *
 * @param lifeMs how long the token is valid, in milliseconds of scenario time
 */
export function tokenAnswer(
  request: Request,
  keys: Keys,
  tokens: Tokens,
  lifeMs = TOKEN_LIFE_MS,
): HttpAnswer {
  const key = apiKeyOf(request) ?? secretOf(request);
  if (typeof key === 'object') return key;
  const verdict = keys(key);
  if (key === undefined || verdict === 'missing') return RESON8_FORM.problem(401, NO_KEY);
  if (isToken(key))
    return RESON8_FORM.problem(401, 'An access token is issued for an API key, not for another token');
  if (!opensRealtime(verdict)) return RESON8_FORM.problem(401, 'Invalid or expired credentials');
  return {
    status: 200,
    headers: { 'Cache-Control': 'no-store' },
    body: { access_token: tokens.issue(key, lifeMs), token_type: 'Bearer', expires_in: lifeMs / 1000 },
  };
}

/** The key for which a token is requested, as it was sent. */
export function keyIn(request: Request): string | undefined {
  const key = apiKeyOf(request) ?? secretOf(request);
  return typeof key === 'string' ? key : undefined;
}

function apiKeyOf({ headers }: Request): string | undefined {
  return /^ApiKey +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** The key in a form; undefined if there is no form; or the answer to a form with mistakes. */
function secretOf({ body }: Request): string | undefined | HttpAnswer {
  const { grant_type: grant, client_id: id, client_secret: secret } = fieldsOf(body);
  if (grant === undefined && id === undefined && secret === undefined) return undefined;
  const wrong = [
    ...(grant === 'client_credentials' ? [] : ['grant_type: expected client_credentials']),
    ...(isText(id) ? [] : ['client_id: must not be empty']),
    ...(isText(secret) ? [] : ['client_secret: expected the API key']),
  ];
  return wrong.length > 0 ? RESON8_FORM.problem(400, wrong.join('; ')) : String(secret);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
