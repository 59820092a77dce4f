import { endOf, leavingOf, serverLeavingOf } from '../../shared/ending.ts';
import type { RequirementId } from '../../../../protocol/requirements.ts';
import type { TraceContext } from '../../../../wire/trace.ts';
import type { Conversation, Moment } from '../../../conversation/conversation.ts';
import {
  awaiting,
  blaming,
  broken,
  doubtful,
  held,
  heldBySilence,
  ifInOrder,
  madeBy,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { reaches } from '../../../judge/tolerances.ts';
import { MUTE_STREAMS } from '../../../blame/mistakes.ts';
import { hasGoodCredential, isUnderstood, perStream, wasOpen } from '../conversations.ts';
import { admissionOf } from '../connecting/admission.ts';
import { evidence } from '../../shared/evidence.ts';
import { hasType, OF_THE_CALLER } from '../connecting/parameters.ts';
import { resultsOf } from '../results.ts';
import { isFetchable } from './sources.ts';

/** What a server does with the URL of a stream (S1:30; S2:23,110-118,128-133). */
export const streamServer: readonly Invariant[] = [
  perStream('SX-STR-002', function* (conversation, play) {
    const { request, query } = conversation;
    if (request === undefined || (query.get('url') ?? '') !== '') return;
    yield* complains(conversation, play, 'without url', 'held');
  }),
  accepts('SX-STR-007', 'mp3'),
  accepts('SX-STR-008', 'hls'),
  accepts('SX-STR-009', 'blob'),
  rejects('SX-STR-010', 'missing', 'for a url that cannot be fetched'),
  rejects('SX-STR-011', 'text', 'for something that is not audio'),
  rejects('SX-STR-012', 'forbidden', 'for a source that wants authentication'),
  perStream('SX-STR-013', byItself),
  perStream('SX-STR-014', listensFirst),
];

type Source = NonNullable<TraceContext['source']>;

function rejects(id: RequirementId, source: Source, when: string): Invariant {
  return perStream(id, function* (conversation, play) {
    if (conversation.context.source === source) yield* complains(conversation, play, when, 'doubtful');
  });
}

/** An error message is required; a refusal in HTTP, before anything was fetched, is an error in another form. */
function* complains(
  conversation: Conversation,
  play: Play,
  when: string,
  inHttp: 'held' | 'doubtful',
): Iterable<Occasion> {
  const { request, response, heard } = conversation;
  if (hasGoodCredential(conversation) === false) return;
  const expected = `an error message ${when}`;
  const error = heard.find(({ message }) => message.kind === 'error');
  const [result] = resultsOf(conversation);
  if (result !== undefined && result.index < (error?.index ?? Infinity)) {
    yield broken(evidence(request?.index, result.index), expected, 'a result');
    return;
  }
  if (error !== undefined) {
    yield held(...evidence(request?.index, error.index));
    return;
  }
  const status = response?.event.status ?? 101;
  if (status !== 101) {
    const events = evidence(request?.index, response?.index);
    const [isRefusal, actual] = [status >= 400 && status < 500, `HTTP ${status}`];
    const unclear: Occasion = { outcome: 'unclear', events, expected, actual };
    if (status >= 500) yield ifInOrder('doubtful', 'scriptix-stream', unclear);
    else if (OF_THE_CALLER.includes(status) || !isRefusal) yield unclear;
    else if (inHttp === 'held') yield held(...events);
    else yield doubtful(events, expected, actual);
    return;
  }
  const silence = silenceOf(conversation, play);
  if (silence === undefined) return;
  const finding = broken(evidence(request?.index, silence.index), expected, 'no error message');
  yield asMute(conversation, awaiting(finding, [request?.index ?? 0, silence.index]));
}

/** A server that sends nothing at all is reported once, for the kind of source that shows it first. */
function asMute({ heard }: Conversation, occasion: Occasion): Occasion {
  return madeBy(heard.length === 0 ? MUTE_STREAMS : undefined, occasion);
}

/**
 * Where it becomes visible that the server does not send what it should: its own end of the connection, or the time by
 * which some message should have come. Undefined if the client left earlier, or if it is too early to tell.
 */
function silenceOf(conversation: Conversation, play: Play): Moment | undefined {
  if (!wasOpen(conversation) || !isUnderstood(conversation)) return undefined;
  const { response, end, clientClose } = conversation;
  const close = serverLeavingOf(conversation);
  if (close !== undefined) return close;
  if (end?.event.by === 'server' && clientClose === undefined) return end;
  const until = leavingOf(conversation) ?? endOf(conversation, play);
  const openedMs = response?.event.atMs ?? Infinity;
  const { tolerances } = play;
  const openMs = (until?.event.atMs ?? 0) - openedMs;
  return reaches(openMs, tolerances.livenessMs, tolerances) ? until : undefined;
}

/**
 * A result is the best evidence. A state is evidence if no error follows, since the document has no message for
 * "fetching". But a server that never transcribes a stream, and only reports that it is loading, has played nothing.
 */
function accepts(id: RequirementId, source: Source): Invariant {
  return perStream(id, function* (conversation, play) {
    const { request, response, heard, context } = conversation;
    if (context.source !== source || hasGoodCredential(conversation) === false) return;
    const expected = `results of a source of the kind ${source}`;
    const [result] = resultsOf(conversation);
    if (result !== undefined) {
      yield held(...evidence(request?.index, result.index));
      return;
    }
    // A client that has not named a model may be refused for that (A1).
    const status = response?.event.status ?? 101;
    if (!hasType(conversation) && admissionOf(conversation).kind === 'refused' && status < 500) return;
    const error = heard.find(({ message: { kind, fields } }) => {
      return kind === 'error' || (kind === 'state' && fields['state'] === 'error');
    });
    if (error !== undefined) {
      yield broken(evidence(request?.index, error.index), expected, shown(error.message.fields));
      return;
    }
    if (status !== 101) {
      const events = evidence(request?.index, response?.index);
      const isRefusal = status >= 400 && status < 500 && !OF_THE_CALLER.includes(status);
      const unclear: Occasion = { outcome: 'unclear', events, expected, actual: `HTTP ${status}` };
      if (isRefusal) yield broken(events, expected, `HTTP ${status}`);
      else yield status >= 500 ? ifInOrder('broken', 'scriptix-stream', unclear) : unclear;
      return;
    }
    const state = heard.find(({ message }) => message.kind === 'state');
    if (state !== undefined) {
      yield heldBySilence('recognises speech', ...evidence(request?.index, state.index));
      return;
    }
    const silence = silenceOf(conversation, play);
    if (silence === undefined) return;
    const finding = broken(evidence(request?.index, silence.index), expected, 'nothing was heard');
    yield asMute(conversation, awaiting(finding, [request?.index ?? 0, silence.index]));
  });
}

function* byItself(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { request, response, heard, said } = conversation;
  if (!wasOpen(conversation) || !isUnderstood(conversation)) return;
  const sign = heard.find(({ message: { kind } }) => ['state', 'partial', 'final', 'error'].includes(kind));
  const [word] = said;
  const opened = response?.index ?? request?.index;
  if (sign !== undefined && sign.index < (word?.index ?? Infinity)) {
    // An error is not a beginning.
    if (sign.message.kind !== 'error') yield held(...evidence(opened, sign.index));
    return;
  }
  if (hasGoodCredential(conversation) !== true || !isFetchable(conversation)) return;
  const [until, actual] =
    word === undefined
      ? [silenceOf(conversation, play), 'nothing was heard']
      : [word, 'nothing before the client spoke'];
  const waitedMs = (until?.event.atMs ?? 0) - (response?.event.atMs ?? Infinity);
  if (until === undefined || !reaches(waitedMs, play.tolerances.livenessMs, play.tolerances)) return;
  const finding = broken(evidence(opened, until.index), 'a server that begins by itself', actual);
  yield asMute(conversation, awaiting(finding, [opened ?? 0, until.index]));
}

/** S1:16 and S2:98 have `listening` for stream mode, whether or not another mode has it too (A2). */
function* listensFirst(conversation: Conversation): Iterable<Occasion> {
  const [result] = resultsOf(conversation);
  if (result === undefined || !isUnderstood(conversation)) return;
  const listening = conversation.heard.find(({ message: { kind, fields } }) => {
    return kind === 'state' && fields['state'] === 'listening';
  });
  if (listening !== undefined && listening.index < result.index) {
    yield held(listening.index, result.index);
    return;
  }
  const expected = 'listening before the first result';
  const actual = listening === undefined ? 'no listening' : 'listening after it';
  const opened = conversation.response ?? conversation.request;
  const finding = broken(evidence(listening?.index, result.index), expected, actual);
  yield awaiting(blaming(finding, listening?.index), [opened?.index ?? 0, result.index]);
}
