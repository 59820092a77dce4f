import { z } from 'zod';
import { parseDuration } from '../../runtime/duration.ts';
import { oneOf } from './one-of.ts';
import { confidence, count, durationText, extra, text, whole } from './values.ts';

const LONGEST_TEXT = 10_000;
/** A window of the audio: there is at most one partial per window. */
const SHORTEST_EVERY_MS = 20;
const TOO_LONG = `expected at most ${LONGEST_TEXT} characters`;

const word = z.strictObject(
  {
    text,
    start: durationText.describe('From the beginning of the audio, not of the segment'),
    end: durationText.describe('From the beginning of the audio, not of the segment'),
    confidence: confidence.optional().describe('A probability, 0 to 1 (0.95)'),
  },
  'expected a word such as {text: hello, start: 0ms, end: 400ms}',
);

const words = z
  .array(word, 'expected a list of words such as {text: hello, start: 0ms, end: 400ms}')
  .max(1000, 'expected at most 1000 words')
  .describe('Words with their times, instead of a text');

/** Text that consists only of words. */
export const spokenText = z
  .string('expected words in quotes')
  .regex(/\S/, 'expected at least one word')
  .max(LONGEST_TEXT, TOO_LONG);

const anyText = text.max(LONGEST_TEXT, TOO_LONG);
const offset = durationText.describe('Where the segment begins in the audio (0ms)');

/** A partial spelled out in the scenario. */
export const partial = oneOf(
  [
    spokenText,
    z.strictObject({
      text: anyText,
      offset: offset.optional(),
      stability: z.number('expected a number such as 0.85').optional().describe('0 to 1 (0.85)'),
      extra: extra.optional(),
    }),
  ],
  'expected words, or keys such as {text: hello, stability: 0.5}',
).meta({ description: 'A partial result, whatever was heard', examples: ['good mor'] });

/** A final spelled out in the scenario. */
export const final = oneOf(
  [
    spokenText,
    z.strictObject({
      text: anyText.optional().describe('Its words; times and confidences are made up'),
      words: words.optional(),
      offset: offset.optional(),
      speaker: text.optional(),
      extra: extra.optional(),
    }),
  ],
  'expected words, or keys such as {text: hello, speaker: A}',
).meta({ description: 'A final result, whatever was heard', examples: ['good morning'] });

/** What may be the end of a turn, spelled out. */
export const candidate = oneOf(
  [
    anyText,
    z.strictObject({
      text: anyText.optional().describe('All words of the turn; their times are made up'),
      words: words.optional(),
      offset: durationText.optional().describe('Where the turn begins in the audio (0ms)'),
      extra: extra.optional(),
    }),
  ],
  'expected words, or keys such as {text: hello, extra: {language: nl}}',
).meta({ description: 'A candidate for the end of a turn, whatever was heard', examples: ['good morning'] });

/** When a step of recognition ends. */
export const until = z
  .strictObject(
    {
      audio: durationText.optional().describe('This much audio was heard'),
      speech: durationText.optional().describe('This much speech was heard'),
      bytes: count.optional().describe('This many bytes of audio came'),
      frames: count.optional().describe('This many frames of audio came'),
      partials: count
        .optional()
        .describe('This many partials were recognised, whether or not distortions let them out'),
      finals: count
        .optional()
        .describe('This many finals were recognised, whether or not distortions let them out'),
      candidates: count
        .optional()
        .describe('This many candidates of turns were recognised, whether or not distortions let them out'),
      turns: count.optional().describe('This many turns ended'),
      flushes: count.optional().describe('This many flush requests were answered'),
      time: durationText.optional().describe('This much time passed'),
      since: z.enum(['step', 'connection', 'server']).optional().describe('What `time` counts from (step)'),
      idle: durationText.optional().describe('No audio came for this time'),
      stop: z
        .literal(true, 'expected true')
        .optional()
        .describe('The client said stop, or the stream ended; later steps answer it'),
    },
    'expected what ends the step, such as {audio: 2s} or {finals: 1}',
  )
  .refine(({ time, since }) => since === undefined || time !== undefined, {
    path: ['since'],
    error: 'is given without a time: add time, such as {time: 30s, since: connection}',
  })
  .meta({
    id: 'until',
    description: 'The step ends with the first of these, counted from its beginning',
    // The same rule for editors.
    anyOf: [{ required: ['time'] }, { not: { required: ['since'] } }],
  });

/** When results come. */
export const pace = {
  every: durationText
    .refine(
      (value) => (parseDuration(value) ?? 0) >= SHORTEST_EVERY_MS,
      `expected at least ${SHORTEST_EVERY_MS}ms`,
    )
    .optional()
    .describe('The speech between two partials (200ms)'),
  segment: z
    .strictObject(
      {
        words: whole(1, 1000).optional().describe('After this many words (15)'),
        audio: durationText.optional().describe('After this much audio (30s)'),
        pause: durationText.optional().describe('After a pause of this length (800ms)'),
      },
      'expected keys such as {words: 20, pause: 2s}',
    )
    .optional()
    .describe('When a final comes'),
};

/** What goes wrong with the results of a step of recognition. */
export const distortion = {
  partials: z
    .enum([
      'none',
      'twice',
      'distinct',
      'regress',
      'rewrite',
      'reorder',
      'empty',
      'late',
      'append',
      'bare',
      'first-segment',
    ])
    .optional()
    .describe('What happens to partials'),
  finals: z.enum(['none', 'twice', 'change', 'empty']).optional().describe('What happens to finals'),
  'hold-finals': oneOf(
    [durationText, z.literal('next-segment')],
    'expected a length of time such as 2s, or next-segment',
  )
    .optional()
    .describe(
      'Finals come this much later, or after the first result of the next segment; a stop brings them',
    ),
  offsets: z.enum(['advance']).optional().describe('Where results begin: advances with the audio (Scriptix)'),
  spaces: z.enum(['none']).optional().describe('The spaces before the words of finals: none (Scriptix)'),
  times: z
    .enum(['late', 'negative', 'overlap', 'absolute'])
    .optional()
    .describe('What is wrong with the times of words'),
  confidence: oneOf([confidence, z.literal('logprob')], 'expected a number or logprob')
    .optional()
    .describe('Of every word: this number, or the logarithm of the probability'),
  speaker: text.optional().describe('Of every final'),
  flush: z
    .enum(['none', 'twice', 'without-id', 'without-null', 'wrong-id', 'before-final', 'empty-final'])
    .optional()
    .describe('What happens to flush confirmations; where there are turns, none ignores the flush'),
  candidates: z
    .enum(['none', 'twice', 'empty', 'append'])
    .optional()
    .describe('What happens to candidates of turns: an empty one before each, or only what is new in it'),
  turns: z.enum(['at-end']).optional().describe('All of a turn comes when it ends'),
  'partial-extra': extra.optional().describe('Additional fields of every partial'),
  'final-extra': extra.optional().describe('Additional fields of every final'),
};
