import { DEEPEST_JSON, isDeeperThan, parseJson, TOO_DEEP } from '../../runtime/json/depth.ts';

/** A client's text message as a JSON object, or the reason why it is not one. */
export function readObject(text: string): Readonly<Record<string, unknown>> | string {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    if (isDeeperThan(text, DEEPEST_JSON)) return `Invalid message: ${TOO_DEEP}`;
    return 'Invalid JSON: text messages are JSON objects, audio goes as binary messages';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'Invalid message: expected a JSON object';
  }
  return { ...value };
}

/** A value sent by the client, for an error text: short, and on one line. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}
