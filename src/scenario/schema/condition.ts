import { z } from 'zod';
import { oneOf } from './one-of.ts';
import { durationText, json, since, text } from './values.ts';

const fields = z.record(z.string(), json, 'expected fields such as {id: a1}');

/** The condition under which something is done. */
export const condition = z
  .strictObject(
    {
      query: z
        .record(
          z.string(),
          oneOf([text, z.boolean()], 'expected a text in quotes, or true or false'),
          'expected parameters such as {language: nl}',
        )
        .optional()
        .describe('URL parameters: the value, true for one that is present, false for one that is absent'),
      credential: z
        .enum(['admin', 'user', 'expired', 'invalid', 'missing'])
        .optional()
        .describe('What the credential is worth that the client presented'),
      start: fields.optional().describe('The start command has at least these fields'),
      message: fields.optional().describe('The last message of the client has at least these fields'),
      time: z
        .strictObject(
          { min: durationText.optional(), max: durationText.optional() },
          'expected a range such as {min: 30s} or {max: 30s}',
        )
        .optional()
        .describe('This much time has passed'),
      since: since.optional(),
    },
    'expected keys such as {query: {language: nl}} or {message: {id: a1}}',
  )
  .refine((value) => Object.keys(value).some((key) => key !== 'since'), 'expected a condition')
  .refine(({ time, since }) => since === undefined || time !== undefined, {
    path: ['since'],
    error: 'is given without a time: add time, such as {time: {min: 30s}, since: server}',
  })
  .meta({
    id: 'condition',
    description: 'All of these must hold',
    // The same two rules for editors: at least one of these, and `since` only beside a time.
    anyOf: [
      ...['query', 'credential', 'start', 'message'].map((key) => ({
        required: [key],
        not: { required: ['since'] },
      })),
      { required: ['time'] },
    ],
  });
