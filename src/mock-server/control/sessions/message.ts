import { fieldsOf } from '../../../runtime/json/fields.ts';
import { bytesOfBase64 } from '../../../runtime/text/base64.ts';

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
    if (name === 'base64') return typeof value === 'string' ? bytesOfBase64(value) : undefined;
  }
  return JSON.stringify(body);
}
