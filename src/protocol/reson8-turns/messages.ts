import { z } from 'zod';
import type { IncludeFlags } from './handshake.ts';

/**
 * The messages of the Reson8 turns WebSocket. Unknown fields are allowed. Tests judge the fake with these schemas. The
 * runner does not use them, since its invariants say which field of a message is wrong.
 */

/** Asks for the end of the open turn. It has no id. */
export const flushRequest = z.object({ type: z.literal('flush_request'), id: z.null().optional() });

const absent = z.never().optional();

/** Events that contain only their type. */
const plain = (type: 'turn_start' | 'turn_continuation' | 'turn_end') =>
  z.object({ type: z.literal(type), text: absent, words: absent });

/** Speech begins. */
const turnStart = plain('turn_start');
/** The turn continues after a candidate. */
const turnContinuation = plain('turn_continuation');
/** The turn has ended with its last candidate. */
export const turnEnd = plain('turn_end');

/** A possible end of a turn, on a connection that was opened with these flags. Words have no confidence. */
function candidateSchema(flags: IncludeFlags) {
  const time = flags.include_timestamps ? z.number() : absent;
  const word = z.object({ text: z.string(), start_ms: time, duration_ms: time, confidence: absent });
  return z.object({
    type: z.literal('turn_end_candidate'),
    text: z.string(),
    language: flags.include_language ? z.string() : absent,
    start_ms: time,
    duration_ms: time,
    words: flags.include_words ? z.array(word).readonly() : absent,
  });
}

/** Everything that a server sends on a connection with these flags. */
export function serverMessageSchema(flags: IncludeFlags) {
  return z.discriminatedUnion('type', [turnStart, candidateSchema(flags), turnContinuation, turnEnd]);
}
