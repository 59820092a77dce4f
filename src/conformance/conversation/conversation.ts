import { dialectOfPath, type Dialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import { textOfBinary } from '../../wire/binary-fact.ts';
import type { TraceContext, TraceEvent, TraceFact } from '../../wire/trace.ts';
import { AudioClock, type AudioSent } from './audio-clock.ts';
import { derived } from './derived.ts';
import { editionsIn } from './editions-in.ts';
import { readMessage, type ClientMessage, type ServerMessage } from './read-message.ts';

/** An event of a conversation, with the state at that moment. */
export interface Moment {
  /** Its index in the list of events of the play, which evidence refers to. */
  readonly index: number;
  readonly event: TraceEvent;
  /** Audio that the client had sent before it. */
  readonly audio: AudioSent;
  /** What the observer knew. */
  readonly context: TraceContext;
}

type Fact<Kind extends TraceFact['kind']> = Extract<TraceEvent, Readonly<Record<'kind', Kind>>>;

/** A moment with an event of one kind. */
export interface MomentOf<Kind extends TraceFact['kind']> extends Moment {
  readonly event: Fact<Kind>;
}

/** A parsed message of the server. */
export interface Heard extends Moment {
  readonly event: Fact<'text'> | Fact<'binary'>;
  readonly message: ServerMessage;
}

/** A parsed message of the client. */
export interface Said extends Moment {
  readonly event: Fact<'text'> | Fact<'binary'>;
  readonly message: ClientMessage;
}

/**
 * One connection or one call of a REST API, as it was observed. Anything may be missing, because the peers can be any
 * program.
 */
export interface Conversation {
  readonly session: string;
  /** Undefined if the path belongs to no dialect. */
  readonly dialect: Dialect | undefined;
  /** The editions by which its service is judged. */
  readonly editions: EditionNames;
  /** Everything known about it at its end. */
  readonly context: TraceContext;
  readonly request: MomentOf<'request'> | undefined;
  /** The path of the request, percent-encoded as it was sent, and its parameters. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly response: MomentOf<'response'> | undefined;
  /** Whether the upgrade was accepted. */
  readonly isOpen: boolean;
  /** All its moments, in order. */
  readonly moments: readonly Moment[];
  readonly heard: readonly Heard[];
  readonly said: readonly Said[];
  /** Close frames. */
  readonly serverClose: MomentOf<'close'> | undefined;
  readonly clientClose: MomentOf<'close'> | undefined;
  readonly end: MomentOf<'end'> | undefined;
}

/** The conversations of a complete list of events, in the order in which they began. */
export const conversationsOf = derived((events: readonly TraceEvent[]) => conversationsAs(events));

/** The same, judged by these editions, whatever the trace says about the editions of these services. */
export function conversationsAs(
  events: readonly TraceEvent[],
  asked?: Partial<EditionNames>,
): readonly Conversation[] {
  const bySession = new Map<string, number[]>();
  for (const [index, { session }] of events.entries()) {
    const indices = bySession.get(session);
    if (indices === undefined) bySession.set(session, [index]);
    else indices.push(index);
  }
  return [...bySession].map(([session, indices]) => conversationOf(session, indices, events, asked));
}

function conversationOf(
  session: string,
  indices: readonly number[],
  events: readonly TraceEvent[],
  asked: Partial<EditionNames> | undefined,
): Conversation {
  const known = knownOf(indices, events);
  const [path = '', query = ''] = splitOnce(known.target, '?');
  const dialect = known.context.dialect ?? dialectOfPath(path);
  const named = editionsIn(dialect, known.context);
  const editions = asked === undefined ? named : { ...named, ...asked };
  const clock = new AudioClock();
  let context: TraceContext = {};
  const moments: Moment[] = [];
  const heard: Heard[] = [];
  const said: Said[] = [];
  /** No messages: a few of them. */
  const others: Moment[] = [];
  for (const index of indices) {
    const event = events[index];
    if (event === undefined) continue;
    if (event.kind === 'context') context = { ...context, ...event.about };
    const audio = clock.sent();
    if (event.kind !== 'text' && event.kind !== 'binary') {
      const moment = { index, event, audio, context };
      moments.push(moment);
      others.push(moment);
      if (event.kind === 'request') clock.request(event.target);
      if (event.kind === 'context' && event.about.audio !== undefined) clock.context(event.about.audio);
      continue;
    }
    const message = readMessage(event, dialect, editions);
    // One object for both lists: there may be a million of them.
    if (message.from === 'server') {
      const moment = { index, event, audio, context, message };
      moments.push(moment);
      heard.push(moment);
    } else {
      const moment = { index, event, audio, context, message };
      moments.push(moment);
      said.push(moment);
      if (event.kind === 'binary' && textOfBinary(event) === undefined) clock.audio(event.byteCount);
    }
  }
  const response = first(others, 'response');
  return {
    session,
    dialect,
    editions,
    context,
    request: first(others, 'request'),
    path,
    query: new URLSearchParams(query),
    response,
    isOpen: response?.event.status === 101,
    moments,
    heard,
    said,
    serverClose: first(others, 'close', 'server'),
    clientClose: first(others, 'close', 'client'),
    end: first(others, 'end'),
  };
}

function first<Kind extends TraceFact['kind']>(
  moments: readonly Moment[],
  kind: Kind,
  from?: 'client' | 'server',
): MomentOf<Kind> | undefined {
  return moments.find(
    (moment): moment is MomentOf<Kind> =>
      moment.event.kind === kind &&
      (from === undefined || ('from' in moment.event && moment.event.from === from)),
  );
}

/** What decides how its messages are read: the target of its request, and all that is known at its end. */
function knownOf(
  indices: readonly number[],
  events: readonly TraceEvent[],
): { readonly target: string; readonly context: TraceContext } {
  let target: string | undefined;
  let context: TraceContext = {};
  for (const index of indices) {
    const event = events[index];
    if (event?.kind === 'request') target ??= event.target;
    if (event?.kind === 'context') context = { ...context, ...event.about };
  }
  return { target: target ?? '', context };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
