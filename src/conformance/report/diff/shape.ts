import { isSocket } from '../../../protocol/dialects.ts';
import { parseJson } from '../../../runtime/json/depth.ts';
import type { TraceEvent } from '../../../wire/trace.ts';
import {
  conversationsOf,
  type Conversation,
  type Heard,
  type Said,
} from '../../conversation/conversation.ts';
import { fieldFacts, type PlacedMessage } from './shape-fields.ts';

/** What a fact is about. */
export type ShapeKind = 'handshake' | 'message' | 'order' | 'end';

/**
 * Something that a peer does, regardless of when, how often and with which words, such as `server final: words is
 * array`.
 */
export interface ShapeFact {
  readonly kind: ShapeKind;
  readonly text: string;
  /** How often it was seen, and the file and session in which it was seen first. */
  readonly count: number;
  readonly first: string;
}

/** All facts of a dialect, by their text. */
export type Shape = ReadonlyMap<string, ShapeFact>;

/** Events of one file, or of one play. */
export interface ShapeInput {
  readonly name: string;
  readonly events: readonly TraceEvent[];
}

/** The shapes of traces. */
export interface Shapes {
  /** By dialect; traffic of no dialect is under `unknown`. */
  readonly byDialect: ReadonlyMap<string, Shape>;
  /** Whether facts were omitted because there were more than MOST_FACTS. */
  readonly isCut: boolean;
}

/** The limit for one dialect. Documented traffic has about a hundred. */
export const MOST_FACTS = 20_000;
/** A name or word from outside that may become part of a fact. */
const WORD = /^[\w.-]{1,40}$/;

type Add = (kind: ShapeKind, text: string) => void;

/** The shapes of traces. Differences between two of them are not due to chance, speed or words. */
export function shapesOf(inputs: Iterable<ShapeInput>): Shapes {
  const byDialect = new Map<string, Map<string, ShapeFact>>();
  const messages = new Map<string, Map<string, PlacedMessage[]>>();
  let isCut = false;
  const add = (dialect: string, { text, count, ...fact }: ShapeFact): void => {
    const facts = ofKey(byDialect, dialect, () => new Map<string, ShapeFact>());
    const before = facts.get(text);
    if (before === undefined && facts.size >= MOST_FACTS) isCut = true;
    else facts.set(text, { ...fact, ...before, text, count: count + (before?.count ?? 0) });
  };
  for (const { name, events } of inputs) {
    for (const conversation of conversationsOf(events)) {
      const dialect = conversation.dialect ?? 'unknown';
      const place = `${name}, ${conversation.session}`;
      const once: Add = (kind, text) => add(dialect, { kind, text, count: 1, first: place });
      handshake(conversation, once);
      order(conversation, once);
      end(conversation, once);
      const ofDialect = ofKey(messages, dialect, () => new Map<string, PlacedMessage[]>());
      for (const [what, value] of valuesOf(conversation)) {
        ofKey(ofDialect, what, () => []).push({ value, place });
      }
    }
  }
  for (const [dialect, ofDialect] of messages) {
    for (const [what, values] of ofDialect) {
      for (const [text, tally] of fieldFacts(what, values)) add(dialect, { kind: 'message', text, ...tally });
    }
  }
  return { byDialect, isCut };
}

function handshake({ request, response, query, dialect }: Conversation, add: Add): void {
  if (request !== undefined) {
    const { method, headers } = request.event;
    add('handshake', `${word(method)} of the client`);
    for (const name of Object.keys(headers)) add('handshake', `request header ${word(name.toLowerCase())}`);
    for (const name of new Set(query.keys())) add('handshake', `request parameter ${word(name)}`);
  }
  if (response === undefined) return add('handshake', 'no answer to the request');
  const { status, headers } = response.event;
  const call = callOf(dialect, request?.event.method);
  add('handshake', `answer ${status}${call}`);
  for (const name of Object.keys(headers))
    add('handshake', `answer ${status}${call} header ${word(name.toLowerCase())}`);
}

/** The two calls of the REST API are distinguished by their method. */
function callOf(dialect: Conversation['dialect'], method: string | undefined): string {
  const isOfCalls = dialect !== undefined && !isSocket(dialect);
  return isOfCalls && method !== undefined ? ` to ${word(method)}` : '';
}

/** Everything with fields: bodies and messages, each with its kind. */
function valuesOf({
  request,
  response,
  heard,
  said,
  dialect,
}: Conversation): readonly (readonly [string, unknown])[] {
  const call = callOf(dialect, request?.event.method);
  const bodies = [
    ...(request?.event.body === undefined
      ? []
      : [[`request${call} body`, jsonOf(request.event.body)] as const]),
    ...(response?.event.body === undefined
      ? []
      : [[`answer ${response.event.status}${call} body`, jsonOf(response.event.body)] as const]),
  ];
  return [
    ...bodies,
    ...heard.map((each) => [`server ${serverName(each)}`, each.message.wire] as const),
    ...said.map((each) => [`client ${clientName(each)}`, fieldsOf(each)] as const),
  ];
}

/** What follows what, on each side separately, because how the two sides interleave depends on timing. */
function order({ moments, heard, said, response }: Conversation, add: Add): void {
  const names = new Map<number, string>([
    ...heard.map((each) => [each.index, serverName(each)] as const),
    ...said.map((each) => [each.index, clientName(each)] as const),
  ]);
  if (response?.event.status !== 101) return;
  const last = { client: 'opening', server: 'opening' };
  for (const { index, event } of moments) {
    if (!('from' in event)) continue;
    const { from } = event;
    const name = names.get(index) ?? (event.kind === 'close' ? `Close ${event.code}` : event.kind);
    // The times of pings and the division of audio into messages are due to chance.
    if (name === 'ping' || name === 'pong' || (name === 'audio' && last[from] === 'audio')) continue;
    add('order', `${from}: ${last[from]}, then ${name}`);
    last[from] = name;
  }
  for (const from of ['client', 'server'] as const) {
    add('order', `${from}: ${last[from]}, then nothing`);
  }
}

function end({ end: ended, serverClose, clientClose }: Conversation, add: Add): void {
  if (serverClose !== undefined) add('end', `server sends Close ${serverClose.event.code}`);
  if (clientClose !== undefined) add('end', `client sends Close ${clientClose.event.code}`);
  if (ended === undefined) return;
  const { how, code, by } = ended.event;
  add('end', `ends by ${how}, code ${code}${by === undefined ? '' : `, of the ${by}`}`);
}

function serverName({ message }: Heard): string {
  if (message.kind === 'state') return named('state', message.fields['state']);
  return message.kind === 'other' ? named('other', message.fields['type']) : message.kind;
}

function clientName({ message }: Said): string {
  if (message.kind === 'in-binary') return `${message.is} in binary`;
  if (message.kind !== 'other') return message.kind;
  return message.fields === undefined
    ? 'text'
    : named('other', message.fields['type'] ?? message.fields['action']);
}

function fieldsOf({ message }: Said): unknown {
  return message.kind === 'audio' ? undefined : message.fields;
}

function named(kind: string, value: unknown): string {
  return typeof value === 'string' && WORD.test(value) ? `${kind} ${value}` : kind;
}

function word(name: string): string {
  return WORD.test(name) ? name : '(a strange name)';
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function ofKey<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
