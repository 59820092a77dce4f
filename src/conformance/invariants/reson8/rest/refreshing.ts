import { TOKEN_PATH } from '../../../../protocol/reson8/rest.ts';
import type { Conversation, MomentOf } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import { inOrder, type Placed } from '../../../conversation/ordered.ts';
import { broken, held, unclear, type Invariant, type Occasion, type Play } from '../../../judge/invariant.ts';
import { isAtPath } from '../../shared/at-path.ts';
import { reportsIn } from '../../shared/client-reports.ts';
import { mayHaveCrossed } from '../../shared/crossing.ts';
import { issuedIn, presentedBy, type Issued } from './issued.ts';

/** How clients react when their access token expires. */
export const refreshing: readonly Invariant[] = [
  {
    id: 'R8-TOK-004',
    *judge(play) {
      for (const issued of issuedIn(play).values()) {
        if (issued.validMs === undefined) continue;
        const { event } = issued.call.response;
        const expired: Expired = { issued, atMs: event.atMs + issued.validMs };
        yield* openSessions(play, expired);
        yield* laterUses(play, expired);
      }
    },
  },
];

/** An access token, and the time from which its client had to consider it expired, on the time axis of the trace. */
interface Expired {
  readonly issued: Issued;
  readonly atMs: number;
}

/** A request that presents an access token. */
interface Use extends Placed {
  readonly conversation: Conversation;
  readonly request: MomentOf<'request'>;
  readonly token: string;
}

const usesOf = derived(({ conversations }: Play): readonly Use[] =>
  inOrder(
    conversations.flatMap((conversation) => {
      const { dialect, request } = conversation;
      const isOurs = dialect === 'reson8' || dialect === 'reson8-turns' || dialect === 'reson8-rest';
      const presented = isOurs ? presentedBy(conversation) : undefined;
      if (request === undefined || presented === undefined) return [];
      return [{ conversation, request, index: request.index, token: presented.token }];
    }),
  ),
);

/** Requests for access tokens, answered or not. */
const asksOf = derived(({ conversations }: Play): readonly Conversation[] =>
  conversations.filter(
    ({ dialect, request, path }) =>
      dialect === 'reson8-rest' && request?.event.method === 'POST' && isAtPath(path, TOKEN_PATH),
  ),
);

/** What happened to the sessions that were open when their token expired. */
function* openSessions(play: Play, { issued, atMs }: Expired): Generator<Occasion> {
  for (const use of usesOf(play)) {
    const { conversation, request, token } = use;
    const last = conversation.moments.at(-1);
    if (token !== issued.token || !conversation.isOpen || last === undefined) continue;
    if (request.event.atMs >= atMs || last.event.atMs <= atMs) continue;
    const events = [issued.call.response.index, request.index];
    const lost = lossOf(play, use);
    if (lost !== undefined) {
      const tell = lost.isCertain ? broken : unclear;
      yield tell(
        [...events, lost.index],
        'a session that goes on when its access token expires',
        `a close before the last results, and another session with a new token${lost.isCertain ? '' : ', although audio was read after the token was given'}`,
      );
    } else if (conversation.moments.some(({ event }) => event.atMs > atMs && isTraffic(event.kind))) {
      yield held(...events);
    }
  }
}

function isTraffic(kind: string): boolean {
  return kind === 'text' || kind === 'binary';
}

/**
 * The end of a session that its client gave up for a new token: once it had the token, it sent no more audio, closed
 * without the results for what it had sent, and continued in another session. It is not certain if audio was read soon
 * after the token was given: that comes on another connection, and the audio may have been sent before.
 */
function lossOf(
  play: Play,
  { conversation, index, token }: Use,
): (Placed & { readonly isCertain: boolean }) | undefined {
  const { moments, clientClose, serverClose, end, heard, dialect } = conversation;
  const audio = moments.findLast(({ event }) => event.kind === 'binary' && event.from === 'client');
  const isGone = end?.event.by === 'client';
  const leaving = clientClose ?? (isGone ? end : undefined);
  if (audio === undefined || leaving === undefined) return undefined;
  if (serverClose !== undefined && serverClose.index < leaving.index) return undefined;
  const isAnswered = heard.some(({ message, index: at }) => {
    return at > audio.index && (message.kind === 'confirmation' || message.fields?.['type'] === 'turn_end');
  });
  if (isAnswered) return undefined;
  const given = asksOf(play).flatMap(({ request, response }) =>
    request !== undefined &&
    response !== undefined &&
    response.index > index &&
    response.index < leaving.index
      ? response
      : [],
  );
  const isCertain = given.some((response) => response.index > audio.index);
  const isForToken = isCertain || given.some(({ event }) => mayHaveCrossed(event.atMs, audio.event.atMs));
  const goesOn = usesOf(play).some((next) => {
    const { isOpen, dialect: where } = next.conversation;
    return next.index > index && isOpen && where === dialect && next.token !== token;
  });
  return isForToken && goesOn ? { index: leaving.index, isCertain } : undefined;
}

/** The credentials that were presented after a token had expired. */
function* laterUses(play: Play, { issued, atMs }: Expired): Generator<Occasion> {
  const later = usesOf(play).filter(({ request }) => request.event.atMs >= atMs);
  const refused = later.filter(
    ({ token, conversation }) => token === issued.token && conversation.response?.event.status === 401,
  );
  const [first] = refused;
  const { response } = issued.call;
  if (first === undefined) {
    const [next] = later.filter(({ token }) => token !== issued.token && issuedIn(play).has(token));
    if (next !== undefined) yield held(response.index, next.index);
    return;
  }
  const answered = first.conversation.response?.index ?? first.index;
  const events = [response.index, first.index, answered];
  const expected = 'a request for another access token after the refusal of one that has expired';
  const ask = asksOf(play).find(({ request }) => (request?.index ?? 0) > answered);
  if (ask?.request !== undefined) yield held(...events, ask.request.index);
  else if (refused.length > 1) yield broken(events, expected, 'the same access token again');
  else if (reportsIn(play.conversations).some(({ says, index }) => says === 'error' && index > answered))
    yield broken(events, expected, 'an error that is reported to the user');
  else yield unclear(events, expected, 'nothing more');
}
