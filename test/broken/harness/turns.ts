import { heardAs } from './changes.ts';
import type { Asked, Fields } from './mutation.ts';

function is(type: string): (message: Fields) => boolean {
  return (message) => message['type'] === type;
}

// The events of a turn.
export const isStart = is('turn_start');
export const isCandidate = is('turn_end_candidate');
export const isContinuation = is('turn_continuation');
export const isEnd = is('turn_end');

/** Whether a client asks for the end of its turn. */
export function isFlush(message: string | Buffer): boolean {
  return heardAs(message)['type'] === 'flush_request';
}

const NAMES = ['timestamps', 'words', 'language'] as const;

/** A connection for turns that has asked for exactly these, and for no probability. */
export function asksFor(...names: readonly (typeof NAMES)[number][]): (asked: Asked) => boolean {
  return ({ query }) =>
    !query.has('eager_turn_probability') &&
    NAMES.every((name) => names.includes(name) === query.has(`include_${name}`));
}

/** A connection of one probe in which nothing else is unusual. */
export const isPlain = asksFor('language');
