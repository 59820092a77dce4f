import {
  broken,
  held,
  heldIf,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { headerOf } from '../../shared/header-of.ts';
import { isValid } from '../opening/credentials.ts';
import { openingOf, openingTold, type OpeningOutcome } from '../opening/opening.ts';
import { perRealtime, realtimesOf, type Realtime } from '../realtime.ts';
import { isAnswerBesideThePoint, isSuccess, perCall, type Call } from './calls.ts';
import { isAcceptedElsewhere, isInvalidAccepted } from './credentials.ts';
import { issuedIn, presentedBy, refusesForm, type Issued } from './issued.ts';

/**
 * The tolerated difference between the clocks of a service: a token that expired longer ago than this must be refused.
 */
const LEEWAY_MS = 5000;

/** Access tokens: how they are issued, to whom, and how long they are valid. */
export const tokens: readonly Invariant[] = [
  perCall('R8-TOK-001', 'token', function* (call, play) {
    if (!isValid(call) || !/^apikey /i.test(headerOf(call.request.event.headers, 'authorization'))) return;
    const { status, events } = call;
    if (isSuccess(call)) yield wellFormed(call);
    else if (isAnswerBesideThePoint(call) || !isAcceptedElsewhere(call, play))
      yield unclear(events, TOKEN, `HTTP ${status}`);
    else yield broken(events, TOKEN, `HTTP ${status} to a key that the socket accepts`);
  }),
  perRealtime('R8-TOK-002', function* (realtime, tolerances, play) {
    const presented = presentedBy(realtime);
    const issued = presented === undefined ? undefined : issuedIn(play).get(presented.token);
    const opening = openingOf(realtime, tolerances);
    if (presented === undefined || issued === undefined || opening === undefined) return;
    const { request, response } = realtime;
    const askedMs = request?.event.atMs ?? 0;
    const answeredMs = response?.event.atMs ?? Infinity;
    const events = [...issued.call.events, ...opening.events];
    switch (ageOf(issued, askedMs, answeredMs)) {
      case 'expired':
        yield ofExpired({ ...opening, events });
        return;
      case 'valid': {
        const occasion = ofValid({ ...opening, events });
        const wasAccepted = realtimesBefore(play, realtime.session).some((each) => {
          const before = presentedBy(each);
          return each.isOpen && before?.token === presented.token && before.as === presented.as;
        });
        // Otherwise the form may be the reason for the refusal, which another requirement covers.
        yield wasAccepted ? occasion : madeBy(refusesForm(presented.as), occasion);
        return;
      }
      case 'unknown':
        if (opening.kind === 'session') yield held(...events);
    }
  }),
  perCall('R8-TOK-003', 'token', function* (call, play) {
    if (call.context.credential !== 'invalid') return;
    const { status, body, events } = call;
    const expected = '401 without a token';
    const hasToken = body.kind === 'object' && 'access_token' in body.fields;
    const told = hasToken ? `HTTP ${status} with a token` : `HTTP ${status}`;
    if (status === 401 && !hasToken) yield held(...events);
    // A key that the socket accepts may be valid.
    else if (isAnswerBesideThePoint(call) || isInvalidAccepted(play)) yield unclear(events, expected, told);
    else yield broken(events, expected, told);
  }),
];

const TOKEN = 'a JSON object with access_token, token_type "Bearer" and expires_in above 0';

function wellFormed({ body, events }: Call): Occasion {
  if (body.kind === 'unknown') return unclear(events, TOKEN, body.why);
  if (body.kind === 'wrong') return broken(events, TOKEN, body.why);
  const { access_token: token, token_type: type, expires_in: seconds } = body.fields;
  const wrong = [
    ...(typeof token === 'string' && token !== ''
      ? []
      : [token === undefined ? 'no access_token' : 'access_token: no text']),
    ...(typeof type === 'string' && type.toLowerCase() === 'bearer' ? [] : [`token_type: ${shown(type)}`]),
    ...(typeof seconds === 'number' && seconds > 0 ? [] : [`expires_in: ${shown(seconds)}`]),
  ];
  return heldIf(wrong.length === 0, events, TOKEN, () => wrong.join(', '));
}

/**
 * Whether a token must still be accepted, or must be refused by now. It was issued at some time between the request for
 * it and its arrival.
 */
function ageOf(
  { call, validMs }: Issued,
  askedMs: number,
  answeredMs: number,
): 'valid' | 'expired' | 'unknown' {
  if (validMs === undefined) return 'unknown';
  if (answeredMs < call.request.event.atMs + validMs) return 'valid';
  return askedMs >= call.response.event.atMs + validMs + LEEWAY_MS ? 'expired' : 'unknown';
}

function ofValid(opening: OpeningOutcome): Occasion {
  const { events } = opening;
  const expected = 'a session with a token that has not expired';
  switch (opening.kind) {
    case 'session':
      return held(...events);
    case 'refused':
      if (opening.status === 401 || opening.status === 403)
        return broken(events, expected, openingTold(opening));
      return unclear(events, expected, openingTold(opening));
    case 'complained':
      if (opening.name === 'UNAUTHORIZED') return broken(events, expected, openingTold(opening));
      return unclear(events, expected, openingTold(opening));
    default:
      return unclear(events, expected, openingTold(opening));
  }
}

function ofExpired(opening: OpeningOutcome): Occasion {
  const { events } = opening;
  const expected = 'HTTP 401 to a token that has expired';
  switch (opening.kind) {
    case 'session':
      return broken(events, expected, openingTold(opening));
    case 'refused':
      if (opening.status === 401 || opening.status === 403) return held(...events);
      return unclear(events, expected, openingTold(opening));
    case 'complained':
      if (opening.name === 'UNAUTHORIZED') return held(...events);
      return unclear(events, expected, openingTold(opening));
    default:
      return unclear(events, expected, openingTold(opening));
  }
}

function realtimesBefore(play: Play, session: string): readonly Realtime[] {
  const all = realtimesOf(play);
  return all.slice(
    0,
    all.findIndex((each) => each.session === session),
  );
}
