import { fieldsOf } from '../../../runtime/json/fields.ts';
import { withoutTrailing } from '../../../runtime/trailing.ts';

/**
 * A JSON body is the message itself. An object with one single key may mean something else: `text` is a text, `base64`
 * bytes, and `json` a message that would be mistaken for one of these.
 */
export function readMessage(body: unknown): string | Uint8Array | undefined {
  if (body === undefined) return undefined;
  const entries = Object.entries(fieldsOf(body));
  const [[name, value] = []] = entries;
  if (entries.length === 1) {
    if (name === 'json') return JSON.stringify(value);
    if (name === 'text') return typeof value === 'string' ? value : undefined;
    if (name === 'base64') return typeof value === 'string' ? readBase64(value) : undefined;
  }
  return JSON.stringify(body);
}

function readBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node.js skips invalid characters; this notices them.
  return withoutTrailing(bytes.toString('base64'), '=') === withoutTrailing(text, '=') ? bytes : undefined;
}
