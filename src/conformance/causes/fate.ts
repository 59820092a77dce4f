import { NOT_CALLABLE } from '../invariants/shared/not-served.ts';
import type { Endpoint } from '../../protocol/scriptix/rest.ts';
import { TURN_EVENTS } from '../../protocol/reson8-turns/events.ts';
import { isSocket, type Dialect, type SocketDialect } from '../../protocol/dialects.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { headerOf } from '../invariants/shared/header-of.ts';

/** The target of a request: one of the sockets, or one of the calls of the REST API of Scriptix. */
export type Place = SocketDialect | Endpoint;

/**
 * Why a request was refused, as far as the refusal shows. `credential`: it is not accepted. `path`: there is nothing at
 * the path. `page`: a web page, as from a site that has a page for every path. `moved`: a redirect. `busy`: too many
 * requests, or no credits. `service`: out of order. `unreachable`: no connection. `mute`: a connection on which no
 * answer comes. `other`: anything else.
 */
export type Why =
  | 'credential'
  | 'path'
  | 'page'
  | 'moved'
  | 'busy'
  | 'service'
  | 'unreachable'
  | 'mute'
  | 'other';

/**
 * The result of a request. `open`: it was accepted, but the session has not shown itself. `isBrief`: the client left
 * before it could have been refused in a message or a close after the 101.
 */
export type Fate =
  | { readonly kind: 'accepted'; readonly isBrief?: boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'refused'; readonly why: Why; readonly told: string };

type Answered = NonNullable<Conversation['response']>['event'];

/** How a conversation with this dialect began. */
export function fateOf(conversation: Conversation, at: Dialect): Fate {
  const { response, end, isOpen } = conversation;
  if (response !== undefined && !isOpen) {
    return isSocket(at) ? refused(response.event.status) : fateOfCall(response.event);
  }
  if (response === undefined) {
    if (end === undefined) return { kind: 'open' };
    if (end.event.by === 'client') return { kind: 'refused', why: 'mute', told: 'no answer' };
    const told = end.event.how === 'refused' ? 'no connection' : 'the end of the connection';
    return { kind: 'refused', why: 'unreachable', told };
  }
  return fateInBand(conversation);
}

/** Whether it is one of the calls of the REST API of Scriptix. */
export function isCall(place: Place): place is Endpoint {
  return place === 'initialize' || place === 'status';
}

function fateOfCall({ status, headers, body = '' }: Answered): Fate {
  if (status < 200 || status >= 300) return refused(status);
  const isPage = /^text\/html\b/i.test(headerOf(headers, 'content-type')) && body.trimStart().startsWith('<');
  return isPage
    ? { kind: 'refused', why: 'page', told: `HTTP ${status} with a page in HTML` }
    : { kind: 'accepted' };
}

function refused(status: number): Fate {
  return { kind: 'refused', why: whyOf(status), told: `HTTP ${status}` };
}

function whyOf(status: number): Why {
  if (status === 401 || status === 403) return 'credential';
  if (status === 402 || status === 429) return 'busy';
  if (NOT_CALLABLE.includes(status)) return 'path';
  if (status >= 300 && status < 400) return 'moved';
  return status >= 500 ? 'service' : 'other';
}

/** States that show a session does not begin, or is over (S2:95,100). */
const NO_SESSION: readonly unknown[] = ['error', 'disconnected', 'stopped'];
/** Words in an error or a close reason that concern the requester. A stream that requires a login is another matter. */
const OF_CREDENTIALS =
  /unauthori[sz]ed|not authenticated|forbidden|permission|credential|api[ _-]?key|token/i;
const OF_SERVICE =
  /not ready|unavailable|not running|starting|scaled|overload|capacity|out of service|shutting/i;
const CREDENTIAL_CODES: readonly number[] = [1008, 3000, 3003, 4001, 4003, 4401, 4403];
const SERVICE_CODES: readonly number[] = [1001, 1012, 1013, 4503];

/** After a 101, a refusal may be a message, or a close without one (A11, A14). */
function fateInBand(conversation: Conversation): Fate {
  const { dialect, heard, said, serverClose, clientClose, end } = conversation;
  const [first] = heard;
  const isClosedByServer =
    serverClose !== undefined && serverClose.index < (clientClose?.index ?? Infinity)
      ? serverClose
      : undefined;
  if (first !== undefined) {
    const { kind, fields } = first.message;
    const isNo = kind === 'error' || (kind === 'state' && NO_SESSION.includes(fields['state']));
    if (!isNo) return isSession(kind) ? { kind: 'accepted' } : { kind: 'open' };
    const told = JSON.stringify(fields);
    const why = OF_CREDENTIALS.test(told) ? 'credential' : OF_SERVICE.test(told) ? 'service' : 'other';
    return { kind: 'refused', why, told: `the error ${shortened(told)}` };
  }
  if (isClosedByServer !== undefined) {
    const { code, reason } = isClosedByServer.event;
    const why =
      CREDENTIAL_CODES.includes(code) || OF_CREDENTIALS.test(reason)
        ? 'credential'
        : SERVICE_CODES.includes(code) || OF_SERVICE.test(reason)
          ? 'service'
          : 'other';
    return { kind: 'refused', why, told: `a close with ${code}` };
  }
  const isInUse = said.some(({ message }) => message.kind !== 'start');
  if (end?.event.by === 'server' && clientClose === undefined && !isInUse) {
    return { kind: 'refused', why: 'other', told: 'the end of the connection' };
  }
  const isOpenAtOnce = dialect !== undefined && isSocket(dialect) && RUNNER_DIALECTS[dialect].isOpenAtOnce;
  return isOpenAtOnce ? { kind: 'accepted', isBrief: isBrief(conversation) } : { kind: 'open' };
}

/** A refusal after the 101 may cross the Close frame of a client that leaves immediately. */
const REFUSED_WITHIN_MS = 500;

function isBrief({ response, clientClose, end, moments }: Conversation): boolean {
  const fromMs = response?.event.atMs ?? 0;
  const leaving = clientClose ?? end ?? moments.at(-1);
  return (leaving?.event.atMs ?? fromMs) - fromMs < REFUSED_WITHIN_MS;
}

function isSession(kind: string): boolean {
  return ['state', 'partial', 'final', 'confirmation', ...TURN_EVENTS].includes(kind);
}

const LONGEST_TOLD = 100;

function shortened(text: string): string {
  return text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD)}…` : text;
}

/**
 * The place of a conversation; undefined for a path in no document. The calls of Reson8 have no place: a server need
 * not offer them, and its sockets show whom it admits.
 */
export function placeOf({ dialect, path }: Conversation): Place | undefined {
  if (dialect === undefined || isSocket(dialect)) return dialect;
  if (dialect === 'reson8-rest') return undefined;
  if (path.endsWith('/initialize')) return 'initialize';
  return path.endsWith('/status') ? 'status' : undefined;
}

/** The dialect whose requirements concern a place. */
export function dialectAt(place: Place): Dialect {
  return isCall(place) ? 'scriptix-rest' : place;
}
