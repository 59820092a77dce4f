import { z } from 'zod';
import { DIALECTS } from '../dialects.ts';
import { flag, number } from '../query-values.ts';

/** How a connection for turns is opened. Its credentials are those of the realtime socket. */

/** The documented path. */
export const PATHS = { turns: DIALECTS['reson8-turns'].paths[0] } as const;

/** The encodings on the vendor's page. */
export const ENCODINGS = ['auto', 'pcm_s16le', 'mulaw', 'alaw'] as const;

/** The treatment of fillers such as `um`: they are removed, left to the model, or kept. */
const FILLER_MODES = ['clean', 'natural', 'verbatim'] as const;

/** The switches that add fields to candidates. */
export const INCLUDE_FLAGS = ['include_timestamps', 'include_words', 'include_language'] as const;
/** The name of such a switch. */
export type IncludeFlag = (typeof INCLUDE_FLAGS)[number];
/** All of these switches. */
export type IncludeFlags = Readonly<Record<IncludeFlag, boolean>>;

/** How certain the service has to be that a turn is over: for a candidate, and for its end. */
const PROBABILITIES = { eager: 0.5, final: 0.92 } as const;

/** The maximum number of channels. */
export const MOST_CHANNELS = 10;
/** The maximum number of phrases. */
const MOST_PHRASES = 250;

/** All parameters of the vendor's page. None is required. */
export const PARAMETERS = [
  'encoding',
  'sample_rate',
  'channels',
  'language',
  'custom_model_id',
  ...INCLUDE_FLAGS,
  'patterns',
  'phrases',
  'bias_strength',
  'filler_mode',
  'eager_turn_probability',
  'final_turn_probability',
] as const;

/** Parameters of mid-2026 that no longer exist. */
export const FORMER_PARAMETERS = ['patience', 'min_patience_seconds', 'max_patience_seconds'] as const;

/** What a query may specify about the speech, whether it is streamed or a recording. */
export const SPEECH_PARAMETERS = {
  language: z
    .string()
    .regex(/^[a-z]{2,3}(?:[-_][a-z]{2})?(?:,[a-z]{2,3}(?:[-_][a-z]{2})?)*$/i)
    .optional(),
  custom_model_id: z.string().optional(),
  patterns: z.string().optional(),
  phrases: z
    .string()
    .refine((text) => text.split(',').length <= MOST_PHRASES)
    .optional(),
  bias_strength: number.optional(),
  filler_mode: z.enum(FILLER_MODES).optional(),
};

/**
 * The query of a connection: percent-decoded strings go in, values with the defaults come out. `sample_rate` is in Hz,
 * the probabilities are 0 to 1, and the eager one is not above the final one.
 */
export const query = z
  .object({
    encoding: z.enum(ENCODINGS).default('auto'),
    sample_rate: number.default(16_000).pipe(z.number().positive()),
    channels: number.default(1).pipe(z.int().min(1).max(MOST_CHANNELS)),
    ...SPEECH_PARAMETERS,
    include_timestamps: flag,
    include_words: flag,
    include_language: flag,
    eager_turn_probability: number.default(PROBABILITIES.eager).pipe(z.number().max(1)),
    final_turn_probability: number.default(PROBABILITIES.final).pipe(z.number().max(1)),
  })
  .refine(
    ({ eager_turn_probability: eager, final_turn_probability: final }) => eager <= final,
    'eager_turn_probability is above final_turn_probability',
  );
