import { z } from 'zod';
import type { IncludeFlags } from './handshake.ts';

/**
 * The messages of the Reson8 realtime WebSocket. Unknown fields are allowed. Tests judge the fake with these schemas.
 * The runner does not use them, since its invariants say which field of a message is wrong.
 */

/** Asks for everything that is buffered to be made final (S4:71-76). */
export const flushRequest = z.object({ type: z.literal('flush_request'), id: z.string().optional() });

/** The answer to a flush, with the id of the request, or null if it had none (S4:122-127). */
export const flushConfirmation = z.object({
  type: z.literal('flush_confirmation'),
  id: z.string().nullable(),
});
/** The answer to a flush. */
export type FlushConfirmation = z.infer<typeof flushConfirmation>;

/** A word of any connection (S4:112-116). Times are in milliseconds, confidence is 0 to 1. */
export const anyWord = z.object({
  text: z.string(),
  start_ms: z.number().optional(),
  duration_ms: z.number().optional(),
  confidence: z.number().min(0).max(1).optional(),
});
/** A word of any connection. */
export type Word = z.infer<typeof anyWord>;

/** A transcript of any connection, for a reader that does not know the flags (S4:84-108). */
export const anyTranscript = z.object({
  type: z.literal('transcript'),
  text: z.string(),
  is_final: z.boolean().optional(),
  start_ms: z.number().optional(),
  duration_ms: z.number().optional(),
  words: z.array(anyWord).readonly().optional(),
});
/** A transcript of any connection. */
export type Transcript = z.infer<typeof anyTranscript>;

/** An error sent as a message. It is neither in S4 nor known from anywhere else: an assumption (see the dossier). */
export const assumedError = z.object({ type: z.literal('error'), code: z.string(), message: z.string() });

/**
 * The transcripts of a connection that was opened with these flags (S4:103-116). A final has exactly the
 * fields that the flags ask for. An interim may lack the optional ones: S4 does not say whether it has them.
 * A field that was not asked for is an issue with `expected: 'never'`, which distinguishes it from a missing one:
 * that it must be absent is only the natural reading.
 */
export function transcriptSchema(flags: IncludeFlags): z.ZodType<Transcript> {
  return transcriptOf(flags);
}

/** Everything that a server is documented to send on a connection with these flags (S4:80-127). */
export function serverMessageSchema(flags: IncludeFlags): z.ZodType<ServerMessage> {
  return z.discriminatedUnion('type', [transcriptOf(flags), flushConfirmation]);
}
/** Any documented message of a server. */
export type ServerMessage = Transcript | FlushConfirmation;

const absent = z.never().optional();

// The unions are discriminated, so that an issue names its field instead of saying only that no alternative fits.
function transcriptOf(flags: IncludeFlags) {
  if (!flags.include_interim) return withFields(flags, asked, absent);
  return z.discriminatedUnion('is_final', [
    withFields(flags, asked, z.literal(true)),
    withFields(flags, (schema) => schema.optional(), z.literal(false)),
  ]);
}

type Ask = <S extends z.ZodType>(schema: S) => S | z.ZodOptional<S>;
const asked: Ask = (schema) => schema;

/** A transcript with the fields of the flags; `ask` decides how binding they are. */
function withFields<S extends z.ZodType<boolean | undefined>>(flags: IncludeFlags, ask: Ask, isFinal: S) {
  const time = flags.include_timestamps ? ask(z.number()) : absent;
  const word = z.object({
    text: z.string(),
    start_ms: time,
    duration_ms: time,
    confidence: flags.include_confidence ? ask(z.number().min(0).max(1)) : absent,
  });
  return z.object({
    type: z.literal('transcript'),
    text: z.string(),
    is_final: isFinal,
    start_ms: time,
    duration_ms: time,
    words: flags.include_words ? ask(z.array(word).readonly()) : absent,
  });
}
