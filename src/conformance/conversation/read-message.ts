import { isFields, type Fields } from '../../runtime/json/fields.ts';
import type { Command, Saying } from '../../scenario/dialects/dialect.ts';
import { SCENARIO_DIALECTS } from '../../scenario/dialects/dialects.ts';
import { vendorOf, type Dialect } from '../../protocol/dialects.ts';
import { DEFAULT_EDITIONS, scriptixEdition, type EditionNames } from '../../protocol/editions.ts';
import { DEEPEST_JSON, isDeeperThan, parseJson, TOO_DEEP } from '../../runtime/json/depth.ts';
import { textOfBinary } from '../../wire/binary-fact.ts';
import type { TraceFact } from '../../wire/trace.ts';
import { readKaldi } from './kaldi-results.ts';

export type { Fields };

/**
 * A message of a server, parsed tolerantly so that its faults can still be described: a result with a wrong `is_final`
 * is a result. `unreadable` is not a single JSON object; `other` is an object of an unknown kind.
 */
export type ServerMessage = { readonly from: 'server'; readonly text: string } & (
  | {
      readonly kind: Saying;
      /** In the documented form, whatever the form of its edition. */
      readonly fields: Fields;
      /** As they were sent. */
      readonly wire: Fields;
    }
  | {
      readonly kind: 'unreadable';
      readonly why: string;
      readonly fields: undefined;
      readonly wire: undefined;
    }
);

interface AudioMessage {
  readonly from: 'client';
  readonly kind: 'audio';
  readonly byteCount: number;
}

/** A message of a client. `other` is text of an unknown kind. */
export type ClientMessage =
  | AudioMessage
  /** A JSON object in a binary message, which a server takes for audio. */
  | {
      readonly from: 'client';
      readonly kind: 'in-binary';
      /** What it would be if it were sent as text. */
      readonly is: Command | 'other';
      readonly text: string;
      readonly fields: Fields;
    }
  | {
      readonly from: 'client';
      readonly kind: Command | 'other';
      readonly text: string;
      /** Undefined if it is not a JSON object. */
      readonly fields: Fields | undefined;
    };

/** Messages at a path outside all dialects are parsed as this dialect, which has the most kinds. */
const UNKNOWN: Dialect = 'scriptix';

type MessageFact = Extract<TraceFact, { kind: 'text' | 'binary' }>;

/** Parses a message of either side, tolerantly. */
export function readMessage(
  fact: MessageFact,
  dialect: Dialect | undefined,
  editions: EditionNames = DEFAULT_EDITIONS,
): ServerMessage | ClientMessage {
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
    return { from: 'server', kind: 'unreadable', text: '', why, fields: undefined, wire: undefined };
  }
  const fields = objectOf(fact.text);
  if (typeof fields === 'string') {
    return {
      from: 'server',
      kind: 'unreadable',
      text: fact.text,
      why: fields,
      fields: undefined,
      wire: undefined,
    };
  }
  const of = dialect ?? UNKNOWN;
  const read = isOfKaldi(of, editions) ? readKaldi(fields) : undefined;
  const { kind, fields: own } = read ?? { kind: SCENARIO_DIALECTS[of].sayingOf(fields), fields };
  return { from: 'server', kind, text: fact.text, fields: own, wire: fields };
}

function isOfKaldi(dialect: Dialect, editions: EditionNames): boolean {
  return vendorOf(dialect) === 'scriptix' && scriptixEdition(editions).results === 'kaldi';
}

function readBinary(
  fact: Extract<MessageFact, { kind: 'binary' }>,
  dialect: Dialect | undefined,
): ClientMessage {
  const text = textOfBinary(fact);
  const fields = text === undefined ? '' : objectOf(text);
  if (text === undefined || typeof fields === 'string') {
    return audioOf(fact.byteCount);
  }
  return { from: 'client', kind: 'in-binary', is: clientKind(fields, dialect), text, fields };
}

/** Messages of audio are alike, and there may be a million of them. */
function audioOf(byteCount: number): AudioMessage {
  if (byteCount !== lastAudio.byteCount) lastAudio = { from: 'client', kind: 'audio', byteCount };
  return lastAudio;
}

let lastAudio: AudioMessage = { from: 'client', kind: 'audio', byteCount: 0 };

const BEGINS_JSON = /^[\t\n\r ]*[-\d"{[tfn]/;

/** The object in a text, or why there is none. */
export function objectOf(text: string): Fields | string {
  // Failing to parse costs a hundred times as much as succeeding.
  if (!BEGINS_JSON.test(text)) return 'text that is not JSON';
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return isDeeperThan(text, DEEPEST_JSON) ? `JSON that is ${TOO_DEEP}` : 'text that is not JSON';
  }
  if (Array.isArray(value)) return 'a JSON array';
  if (!isFields(value)) return `JSON that is not an object: ${JSON.stringify(value)}`;
  return value;
}

function clientKind(fields: Fields, dialect: Dialect | undefined): Command | 'other' {
  return SCENARIO_DIALECTS[dialect ?? UNKNOWN].commandOf(fields) ?? 'other';
}
