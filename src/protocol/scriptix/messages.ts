import { z } from 'zod';

/**
 * The messages of the Scriptix realtime WebSocket. The schemas contain only what the documents state outright: they
 * allow unknown fields, and whatever only a natural reading excludes (an offset below zero). Tests judge the fake with
 * them. The runner does not use them, since its invariants say which field of a message is wrong.
 */

/** Opens a microphone session (S2:35). Other pages of the vendor add options, which are not checked. */
export const startCommand = z.object({ action: z.literal('start') });

/** Ends a session. Not in S0 to S3, but in the vendor's other pages and examples. */
export const stopCommand = z.object({ action: z.literal('stop') });

/** What a client may send as text. */
export const clientCommand = z.discriminatedUnion('action', [startCommand, stopCommand]);

/** The states for which the documents have a message (S1:23; S2:50; S2:56). */
export const DOCUMENTED_STATES = ['loading', 'listening'] as const;

/** States seen elsewhere on the wire, but never in the documents: the end of a session, and notice of maintenance. */
export const STATES_BEYOND = ['stopped', 'shutting_down'] as const;

/** The six names of S1:16 and S2:95-100. Apart from the two with messages they describe a client's own view. */
export const CONNECTION_STATES = [
  'disconnected',
  'connecting',
  'loading',
  'listening',
  'connected',
  'error',
] as const;

// A message is exactly one of state, result and error (S1:22-26), and these three keys tell which. Each kind
// therefore forbids the keys of the others: they are not unknown fields.
const absent = z.never().optional();

/** The progress of the service (S2:47-57). Any string is allowed; DOCUMENTED_STATES has the two documented ones. */
export const stateMessage = z.object({ state: z.string(), is_final: absent, error: absent });

/** What has been heard of the current segment so far; it replaces the previous partial (S0:40-50). */
export const partialResult = z.object({
  text: z.string(),
  is_final: z.literal(false),
  /** Milliseconds into the audio of this connection. */
  offset_ms: z.int(),
  stability: z.number().min(0).max(1),
  state: absent,
  error: absent,
});

/** `[word, start_ms, end_ms, confidence]`, exactly four (S0:75; S2:83). */
export const word = z.tuple([z.string(), z.number(), z.number(), z.number()]).readonly();

/** A segment that will not change any more (S0:58-75; S2:72-81). */
export const finalResult = z.object({
  text: z.string(),
  is_final: z.literal(true),
  /** Milliseconds into the audio of this connection. */
  offset_ms: z.int(),
  words: z.array(word).readonly(),
  /** Present only when the service knows it (S1:42; S2:80). */
  speaker: z.string().optional(),
  state: absent,
  error: absent,
});

/** Something went wrong; the text is for people (S2:87-89). */
export const errorMessage = z.object({ error: z.string().min(1), state: absent, is_final: absent });

/** Everything that a server sends: exactly one of the four (S1:22-26). */
export const serverMessage = z.union([stateMessage, partialResult, finalResult, errorMessage]);
