import { authorizationHeader, subprotocolHeader } from '../../../../protocol/reson8/handshake.ts';
import { derived } from '../../../conversation/derived.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import type { Play } from '../../../judge/invariant.ts';
import { headerOf } from '../../shared/header-of.ts';
import { othersOf } from '../../shared/other-plays.ts';
import { callsOf, callsOfRun, isSuccess, type Call } from './calls.ts';

/** An access token that the server has issued. A trace contains its stand-in. */
export interface Issued {
  readonly token: string;
  readonly call: Call;
  /** How long it is valid, in milliseconds; undefined if the server did not say. */
  readonly validMs: number | undefined;
}

/** The access tokens that were issued in a play. */
export const issuedIn = derived((play: Play): ReadonlyMap<string, Issued> => {
  const issued = new Map<string, Issued>();
  for (const call of callsOf(play)) {
    const found = issuedBy(call);
    if (found !== undefined && !issued.has(found.token)) issued.set(found.token, found);
  }
  return issued;
});

/** The access token that a call was answered with. */
export function issuedBy(call: Call): Issued | undefined {
  if (call.endpoint !== 'token' || !isSuccess(call) || call.body.kind !== 'object') return undefined;
  const { access_token: token, expires_in: seconds } = call.body.fields;
  if (typeof token !== 'string' || token === '') return undefined;
  const isLength = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
  return { token, call, validMs: isLength ? seconds * 1000 : undefined };
}

/** Whether the server issues access tokens, as far as the run shows. */
export function issuesTokens(play: Play): boolean {
  return callsOfRun(play, 'token').some(({ isServed }) => isServed);
}

/** Whether an access token was issued in the run of a play. */
export function isIssued(token: string | undefined, play: Play): boolean {
  return token !== undefined && othersOf(play).some((each) => issuedIn(each).has(token));
}

/**
 * What a connection presents as an access token, and how; undefined if it presents none, or several in different ways.
 */
export function presentedBy({ request }: Conversation): { token: string; as: TokenForm } | undefined {
  const headers = request?.event.headers;
  const authorization = headerOf(headers, 'authorization').trim();
  const offered = headerOf(headers, 'sec-websocket-protocol').trim();
  const isBearer = /^bearer /i.test(authorization) && authorizationHeader.safeParse(authorization).success;
  const isOffered = subprotocolHeader.safeParse(offered).success;
  if (isBearer === isOffered) return undefined;
  return isBearer
    ? { token: authorization.replace(/^bearer +/i, ''), as: 'Bearer' }
    : { token: offered.replace(/^bearer[ \t]*,[ \t]*/, ''), as: 'subprotocol' };
}

/** How an access token is presented. */
export type TokenForm = 'Bearer' | 'subprotocol';

/** The mistake of a server that refuses valid access tokens in one form. */
export function refusesForm(as: TokenForm): string {
  return `valid access tokens are refused as ${as}`;
}
