import { dialectOfPath, type Dialect } from '../../../protocol/dialects.ts';
import type { TraceEvent } from '../../../wire/trace.ts';
import { conversationsOf, type Conversation } from '../../conversation/conversation.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import { clientEndIn, type ClientEnd } from '../reports/ending.ts';
import { isUpgrade } from '../reports/merge.ts';

/** What one play shows about a client, apart from the requirements. */
export interface PlayFacts {
  readonly name: string;
  /** How its program ended; undefined for an externally started client. */
  readonly end: ClientEnd | undefined;
  /** The last line that it wrote to standard error; empty if none. */
  readonly words: string;
  readonly connections: readonly ReceivedRequest[];
  readonly calls: readonly ReceivedRequest[];
}

/** A request, and the dialect of its path. */
export interface ReceivedRequest {
  readonly conversation: Conversation;
  readonly request: Extract<TraceEvent, { kind: 'request' }>;
  /** Undefined if the path is in no document. */
  readonly at: Dialect | undefined;
  /** The status of the answer. */
  readonly status: number | undefined;
}

/** @param stderr the last output of the program there, without secrets */
export function playFacts({ name, events }: RecordedPlay, stderr: string): PlayFacts {
  const asked = conversationsOf(events).flatMap((conversation): readonly ReceivedRequest[] => {
    const request = conversation.request?.event;
    if (request === undefined) return [];
    const at = dialectOfPath(conversation.path);
    return [{ conversation, request, at, status: conversation.response?.event.status }];
  });
  return {
    name,
    end: clientEndIn(events),
    words: lastWords(stderr),
    connections: asked.filter(({ request }) => isUpgrade(request.headers)),
    calls: asked.filter(({ request }) => !isUpgrade(request.headers)),
  };
}

/** Whether the client has connected or called at all. */
export function hasActed({ connections, calls }: PlayFacts): boolean {
  return connections.length + calls.length > 0;
}

const LONGEST_WORDS = 160;
/** Words with which stack traces and usage texts say what is wrong. */
const TELLING = /\b(?:\w*(?:error|exception)|panic(?:ked)?|fatal)\b\s*:|ECONNREFUSED|not found/i;

/** The line of an output that says what is wrong, or else the last one. */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const found = lines.findLast((line) => TELLING.test(line)) ?? lines.at(-1) ?? '';
  return found.length > LONGEST_WORDS ? `${found.slice(0, LONGEST_WORDS)}…` : found;
}
