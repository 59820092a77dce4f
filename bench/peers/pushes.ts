/** A push is due this often. */
export const PUSH_EVERY_MS = 100;

/** More than any measurement needs, so that no server runs out of pushes. */
export const MOST_PUSHES = 3000;

/** The question to the bare server, and what it then pushes. */
export const ASKS_FOR_PUSHES = 'push';
export const PUSH = '{"type":"transcript","text":"hello","is_final":false}';
