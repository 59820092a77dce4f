import { derived } from '../../../conversation/derived.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import type { Play } from '../../../judge/invariant.ts';
import { endOf } from '../conversations.ts';

/** What a client says that its user sees. */
export interface ReceivedReport {
  readonly index: number;
  readonly atMs: number;
  readonly report: Readonly<Record<string, unknown>>;
}

export interface ClientReports {
  /** Of all connections of the play: without any, nothing can be said about what is missing. */
  readonly all: readonly ReceivedReport[];
  /** Of one connection, and of none in particular. */
  readonly own: readonly ReceivedReport[];
}

export function clientReports(conversation: Conversation, { conversations }: Play): ClientReports {
  const strays = straysIn(conversations);
  const own = conversation.request === undefined ? [] : reportsOf(conversation);
  return {
    all: reportsIn(conversations),
    own: own.length === 0 ? strays : strays.length === 0 ? own : sorted([...own, ...strays]),
  };
}

/** In their order. */
export const reportsIn = derived((conversations: readonly Conversation[]): readonly ReceivedReport[] =>
  sorted(conversations.flatMap(reportsOf)),
);

/** Of what is no connection: a client is heard beside all of them. */
const straysIn = derived((conversations: readonly Conversation[]): readonly ReceivedReport[] =>
  sorted(conversations.filter(({ request }) => request === undefined).flatMap(reportsOf)),
);

const reportsOf = derived(({ moments }: Conversation): readonly ReceivedReport[] =>
  moments.flatMap(({ index, event }) =>
    event.kind === 'report' ? [{ index, atMs: event.atMs, report: event.report }] : [],
  ),
);

function sorted(reports: readonly ReceivedReport[]): readonly ReceivedReport[] {
  return [...reports].sort((a, b) => a.index - b.index);
}

/** A client that says that something went wrong. */
export function isFailureReport({ report }: ReceivedReport): boolean {
  return report['event'] === 'error';
}

/** So long after it was sent a message has reached any client that still listens: 1 s. */
const ARRIVAL_MS = 1000;

/**
 * Whether the client must have got a message of the server: the connection went on for a while, or was closed by the
 * server in order, which comes after all messages. What was under way when a connection ended may be lost.
 */
export function hasArrived(atMs: number, conversation: Conversation, play: Play): boolean {
  const { serverClose, clientClose } = conversation;
  if (serverClose !== undefined && clientClose !== undefined && serverClose.index < clientClose.index)
    return true;
  const until = clientClose ?? endOf(conversation, play);
  return until !== undefined && until.event.atMs - atMs >= ARRIVAL_MS;
}
