import { z } from 'zod';
import { confidence, count, durationText, extra } from './values.ts';

const word = z.strictObject({
  text: z.string(),
  start: durationText,
  end: durationText,
  confidence: confidence.optional(),
});

/** Words, and nothing but words. */
export const spokenText = z.string().min(1).max(10_000);

/** A partial that the scenario spells out. */
export const partial = z.union([
  spokenText,
  z.strictObject({
    text: z.string().max(10_000),
    offset: durationText.optional().describe('Where the segment begins in the audio (0ms)'),
    stability: z.number().optional().describe('0 to 1 (0.85)'),
    extra: extra.optional(),
  }),
]);

/** A final that the scenario spells out. */
export const final = z.union([
  spokenText,
  z.strictObject({
    text: z.string().max(10_000).optional(),
    words: z
      .array(word)
      .max(1000)
      .optional()
      .describe('Words with their times, from the beginning of the audio'),
    offset: durationText.optional(),
    speaker: z.string().optional(),
    extra: extra.optional(),
  }),
]);

/** When a step of recognition ends. */
export const until = z
  .strictObject({
    audio: durationText.optional(),
    speech: durationText.optional(),
    bytes: count.optional(),
    frames: count.optional(),
    partials: count.optional(),
    finals: count.optional(),
    flushes: count.optional(),
    time: durationText.optional(),
    idle: durationText.optional(),
    stop: z.literal(true).optional(),
  })
  .describe('The step ends with the first of these, counted from its beginning');

/** What goes wrong with the results of a step of recognition. */
export const distortion = {
  partials: z
    .enum(['none', 'twice', 'distinct', 'regress', 'rewrite', 'reorder', 'empty', 'late', 'append'])
    .optional(),
  finals: z.enum(['none', 'twice', 'change', 'empty']).optional(),
  times: z.enum(['late', 'negative', 'overlap', 'absolute']).optional(),
  confidence: z.union([confidence, z.literal('logprob')]).optional(),
  speaker: z.string().optional(),
  flush: z.enum(['none', 'twice', 'without-id', 'wrong-id', 'before-final', 'empty-final']).optional(),
  'partial-extra': extra.optional(),
  'final-extra': extra.optional(),
};
