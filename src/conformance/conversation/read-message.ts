import type { Dialect } from '../../protocol/dialects.ts';
import { DEEPEST_JSON, isDeeperThan, parseJson, TOO_DEEP } from '../../runtime/json-depth.ts';
import { textOfBinary } from '../../wire/binary-fact.ts';
import type { TraceFact } from '../../wire/trace.ts';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * A message of a server, read so tolerantly that what is wrong with it can still be said: a result with a wrong
 * `is_final` is a result. `unreadable` is not one JSON object; `other` is an object of no known kind.
 */
export type ServerMessage = { readonly from: 'server'; readonly text: string } & (
  | {
      readonly kind: 'partial' | 'final' | 'state' | 'error' | 'confirmation' | 'other';
      readonly fields: Fields;
    }
  | { readonly kind: 'unreadable'; readonly why: string; readonly fields: undefined }
);

/** A message of a client. `other` is text of no known kind. */
export type ClientMessage =
  | { readonly from: 'client'; readonly kind: 'audio'; readonly byteCount: number }
  /** A JSON object in a binary message, which a server takes for audio. */
  | {
      readonly from: 'client';
      readonly kind: 'in-binary';
      /** What it would be as text. */
      readonly is: 'start' | 'stop' | 'flush' | 'other';
      readonly text: string;
      readonly fields: Fields;
    }
  | {
      readonly from: 'client';
      readonly kind: 'start' | 'stop' | 'flush' | 'other';
      readonly text: string;
      /** Undefined when it is not a JSON object. */
      readonly fields: Fields | undefined;
    };

type MessageFact = Extract<TraceFact, { kind: 'text' | 'binary' }>;

export function readMessage(fact: MessageFact, dialect: Dialect | undefined): ServerMessage | ClientMessage {
  if (fact.from === 'client') {
    if (fact.kind === 'binary') return readBinary(fact, dialect);
    const fields = objectOf(fact.text);
    return {
      from: 'client',
      kind: clientKind(typeof fields === 'string' ? {} : fields, dialect),
      text: fact.text,
      fields: typeof fields === 'string' ? undefined : fields,
    };
  }
  if (fact.kind === 'binary') {
    const why = `a binary message of ${fact.byteCount} bytes`;
    return { from: 'server', kind: 'unreadable', text: '', why, fields: undefined };
  }
  const fields = objectOf(fact.text);
  if (typeof fields === 'string') {
    return { from: 'server', kind: 'unreadable', text: fact.text, why: fields, fields: undefined };
  }
  const kind = dialect === 'reson8' ? reson8Kind(fields) : scriptixKind(fields);
  return { from: 'server', kind, text: fact.text, fields };
}

function readBinary(
  fact: Extract<MessageFact, { kind: 'binary' }>,
  dialect: Dialect | undefined,
): ClientMessage {
  const text = textOfBinary(fact);
  const fields = text === undefined ? '' : objectOf(text);
  if (text === undefined || typeof fields === 'string') {
    return { from: 'client', kind: 'audio', byteCount: fact.byteCount };
  }
  return { from: 'client', kind: 'in-binary', is: clientKind(fields, dialect), text, fields };
}

const BEGINS_JSON = /^[\t\n\r ]*[-\d"{[tfn]/;

/** The object in a text, or why there is none. */
export function objectOf(text: string): Fields | string {
  // To fail costs a hundred times as much as to succeed.
  if (!BEGINS_JSON.test(text)) return 'text that is not JSON';
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return isDeeperThan(text, DEEPEST_JSON) ? `JSON that is ${TOO_DEEP}` : 'text that is not JSON';
  }
  if (Array.isArray(value)) return 'a JSON array';
  if (typeof value !== 'object' || value === null) return `JSON that is no object: ${JSON.stringify(value)}`;
  return value as Fields;
}

function clientKind(fields: Fields, dialect: Dialect | undefined): 'start' | 'stop' | 'flush' | 'other' {
  if (dialect === 'reson8') return fields['type'] === 'flush_request' ? 'flush' : 'other';
  const { action } = fields;
  return action === 'start' || action === 'stop' ? action : 'other';
}

/** What only results have. */
const RESULT_KEYS = ['text', 'is_final', 'offset_ms', 'words', 'stability'];

function scriptixKind(fields: Fields): 'partial' | 'final' | 'state' | 'error' | 'other' {
  if (RESULT_KEYS.some((key) => Object.hasOwn(fields, key))) return resultKind(fields);
  if (Object.hasOwn(fields, 'error')) return 'error';
  return Object.hasOwn(fields, 'state') ? 'state' : 'other';
}

/** By what it says that it is; else by what it has: only partials are documented to have a stability. */
function resultKind(fields: Fields): 'partial' | 'final' {
  const { is_final: isFinal } = fields;
  if (typeof isFinal === 'boolean') return isFinal ? 'final' : 'partial';
  if (Object.hasOwn(fields, 'words')) return 'final';
  return Object.hasOwn(fields, 'stability') ? 'partial' : 'final';
}

function reson8Kind(fields: Fields): 'partial' | 'final' | 'error' | 'confirmation' | 'other' {
  switch (fields['type']) {
    case 'transcript':
      return fields['is_final'] === false ? 'partial' : 'final';
    case 'flush_confirmation':
      return 'confirmation';
    case 'error':
      return 'error';
    default:
      return 'other';
  }
}
