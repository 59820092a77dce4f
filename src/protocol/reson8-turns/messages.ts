import { z } from 'zod';
import type { IncludeFlags } from './handshake.ts';

/**
 * The messages of the Reson8 turns WebSocket. Unknown fields pass.
 *
 * Tests judge the fake with them. The runner does not use them: its invariants say which field of a message is wrong.
 */

/** Asks for the end of the turn that is open. It has no id. */
export const flushRequest = z.object({ type: z.literal('flush_request'), id: z.null().optional() });

const absent = z.never().optional();

/** Events that say no more than that they are. */
const plain = (type: 'turn_start' | 'turn_continuation' | 'turn_end') =>
  z.object({ type: z.literal(type), text: absent, words: absent });

export const turnStart = plain('turn_start');
export const turnContinuation = plain('turn_continuation');
export const turnEnd = plain('turn_end');

/** What may be the end of a turn, on a connection that was opened with these flags. Words have no confidence. */
export function candidateSchema(flags: IncludeFlags) {
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

/** Everything that a server says on a connection with these flags. */
export function serverMessageSchema(flags: IncludeFlags) {
  return z.discriminatedUnion('type', [turnStart, candidateSchema(flags), turnContinuation, turnEnd]);
}
