import type { Fields } from '../runtime/json/fields.ts';
import { readMessage } from '../conformance/conversation/read-message.ts';
import type { SocketDialect } from '../protocol/dialects.ts';
import type { EditionNames } from '../protocol/editions.ts';

/** What a message of a server means for a load. */
export type Meaning =
  | {
      readonly kind: 'partial';
      readonly startMs: number | undefined;
      readonly endMs: number | undefined;
      readonly hasText: boolean;
    }
  | { readonly kind: 'final'; readonly endMs: number | undefined; readonly hasText: boolean }
  /** The end of a turn, whose words were in its last candidate. */
  | { readonly kind: 'turn-end' }
  | { readonly kind: 'confirmation' | 'error' | 'stopped' | 'other' };

/** What a message of the service means to a load. */
export function meaningOf(text: string, dialect: SocketDialect, editions?: EditionNames): Meaning {
  const message = readMessage({ kind: 'text', from: 'server', text }, dialect, editions);
  if (message.from !== 'server' || message.fields === undefined) return { kind: 'other' };
  const { kind, fields } = message;
  const said = fields['text'];
  const hasText = typeof said === 'string' && said.trim() !== '';
  const span = spanOf(fields);
  switch (kind) {
    case 'partial':
    case 'turn_end_candidate':
      return { kind: 'partial', ...span, hasText };
    case 'final':
      return { kind: 'final', endMs: span.endMs, hasText };
    case 'turn_end':
      return { kind: 'turn-end' };
    case 'confirmation':
    case 'error':
      return { kind };
    default:
      return { kind: fields['state'] === 'stopped' ? 'stopped' : 'other' };
  }
}

/**
 * The place of a result in the audio, as far as the result gives it: Reson8 has its length, Scriptix the ends of words.
 */
function spanOf(fields: Fields): {
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
} {
  const startMs = numberIn(fields['offset_ms']) ?? numberIn(fields['start_ms']);
  const duration = numberIn(fields['duration_ms']);
  if (startMs !== undefined && duration !== undefined) return { startMs, endMs: startMs + duration };
  const words: unknown = fields['words'];
  const [first, end] = [wordTime(words, 0, 1), wordTime(words, -1, 2)];
  if (startMs === undefined || first === undefined || end === undefined) return { startMs, endMs: undefined };
  // Words count from the beginning of the connection or of their segment (A7); in the former case none begins before
  // its segment.
  return { startMs, endMs: first < startMs ? startMs + end : end };
}

/** A time of one of the words of Scriptix, `[word, start_ms, end_ms, confidence]`. */
function wordTime(words: unknown, place: number, index: number): number | undefined {
  const word: unknown = Array.isArray(words) ? words.at(place) : undefined;
  return Array.isArray(word) ? numberIn(word[index]) : undefined;
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
