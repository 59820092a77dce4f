import type { Fields } from '../../runtime/json/fields.ts';
import type { Saying } from '../../scenario/dialects/dialect.ts';

/** What a message means to the judges, and its fields in their form. */
export interface ReadFields {
  readonly kind: Saying;
  readonly fields: Fields;
}

/** Fields that only documented results have. */
const FLAGGED = ['is_final', 'offset_ms', 'stability', 'words'];

/** Whether a message has the results of the older shape: `partial` alone, or `result` and `text`. */
export function isKaldi(fields: Fields): boolean {
  return has(fields, 'partial', 'result') && !has(fields, ...FLAGGED);
}

/** Whether a message is a result in the documented form. */
export function isFlagged(fields: Fields): boolean {
  return has(fields, 'is_final', 'stability') && !has(fields, 'partial', 'result');
}

/**
 * Reads `{"partial":"…"}` and `{"result":[[word,start,end,confidence],…],"text":"…"}` as documented partials and
 * finals, so that requirements on words, order and endings are judged in the same way for both. A final has the place
 * where its first word starts, since it names none itself; a partial has no place.
 *
 * @returns undefined for a message that is not a result of this shape
 */
export function readKaldi(fields: Fields): ReadFields | undefined {
  if (has(fields, ...FLAGGED)) return { kind: 'other', fields };
  const { partial, result, ...rest } = fields;
  if (has(fields, 'partial')) return { kind: 'partial', fields: { text: partial, is_final: false, ...rest } };
  if (!has(fields, 'result', 'text')) return undefined;
  const words = has(fields, 'result') ? { words: result } : {};
  return { kind: 'final', fields: { ...rest, is_final: true, ...placeIn(result), ...words } };
}

function placeIn(result: unknown): Fields {
  const [first] = Array.isArray(result) ? (result as readonly unknown[]) : [];
  const start: unknown = Array.isArray(first) ? first[1] : undefined;
  return typeof start === 'number' ? { offset_ms: start } : {};
}

function has(fields: Fields, ...names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(fields, name));
}
