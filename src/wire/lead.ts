import { parseJson } from '../runtime/json/depth.ts';
import { fieldsOf } from '../runtime/json/fields.ts';

// Answers in JSON that say where to connect.

/** The WebSocket address in a field of an answer. */
export function addressIn(text: string, field: string): URL | undefined {
  const address = fieldsIn(text)?.[field];
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && /^wss?:$/.test(url.protocol) ? url : undefined;
}

/**
 * The answer with another value in place of each occurrence of the text in the field.
 *
 * @param restOf converts what stays
 */
export function withValue(
  text: string,
  field: string,
  own: string,
  restOf: (text: string) => string = (rest) => rest,
): string {
  const fields = fieldsIn(text);
  const literal = JSON.stringify(fields?.[field]);
  // Otherwise the text is written in another way, such as with escaped slashes.
  const plain = text.includes(literal) ? text : JSON.stringify(fields);
  return plain
    .split(literal)
    .map((rest) => restOf(rest))
    .join(JSON.stringify(own));
}

/** The fields of a text that is an object in JSON. */
export function fieldsIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return fieldsOf(parseJson(text));
  } catch {
    return undefined;
  }
}
