/** A push is due this often. */
export const PUSH_EVERY_MS = 100;

/** More than any measurement takes: no server runs out of pushes before its end. */
export const MOST_PUSHES = 3000;

/** What the bare server is asked, and what it pushes then. */
export const ASKS_FOR_PUSHES = 'push';
export const PUSH = '{"type":"transcript","text":"hello","is_final":false}';
