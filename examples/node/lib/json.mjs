import { user } from './report.mjs';

/** A message as an object; undefined for anything else, which is ignored. */
export function readMessage(text) {
  try {
    const message = JSON.parse(text);
    if (typeof message === 'object' && message !== null && !Array.isArray(message)) return message;
  } catch {
    // Not JSON.
  }
  user.note('ignored a message that is not a JSON object');
  return undefined;
}
