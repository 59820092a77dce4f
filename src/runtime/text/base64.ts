import { withoutTrailing } from '../trailing.ts';

/** The bytes that base64 stands for, with or without its padding; undefined for a text that is not base64. */
export function bytesOfBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node.js skips invalid characters; this notices them.
  return withoutTrailing(bytes.toString('base64'), '=') === withoutTrailing(text, '=') ? bytes : undefined;
}
