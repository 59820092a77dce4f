import { z } from 'zod';
import { oneOf } from './one-of.ts';
import { ALL_CALLS } from '../dialects/calls.ts';
import { durationText, json, text, whole } from './values.ts';

const MOST = 1_000_000;

const range = oneOf(
  [
    whole(0, MOST),
    z
      .strictObject({ min: whole(0, MOST).optional(), max: whole(0, MOST).optional() })
      .refine(({ min = 0, max = MOST }) => min <= max, { path: ['min'], error: 'min is greater than max' }),
  ],
  'expected a whole number, or a range such as {min: 1, max: 3}',
);

const timeRange = z
  .strictObject({ min: durationText.optional(), max: durationText.optional() })
  .describe('In the time of the scenario');

/** The expected values of an answer's headers, or false for a header that must be absent. */
const answered = z
  .record(
    text,
    oneOf([text, z.literal(false)], 'expected a text, or false for a header that is absent'),
    'expected headers such as {retry-after: "3"}',
  )
  .describe('Headers of the answer; false for one that is absent');

/** Faults that a strict client finds in the bytes of the server. */
const MALFORMED = ['bad-opcode', 'masked-frame', 'bad-utf8', 'close-code', 'fragments', 'cut-frame'] as const;

const outcome = z.strictObject({
  handshake: oneOf(
    [whole(101, 599), z.enum(['none', 'dropped', 'reset'])],
    'expected a status such as 101, or none, dropped or reset',
  )
    .optional()
    .describe('The status, or no answer, or an end before it (101)'),
  headers: answered.optional(),
  body: json.optional().describe('The body of the answer to the upgrade, or a part of it'),
  messages: z
    .array(json, 'expected a list of messages')
    .max(1000)
    .optional()
    .describe(
      'These come in this order, possibly with others between them; an object matches a message that contains it, a string matches byte for byte',
    ),
  states: z.array(text, 'expected a list of states').max(1000).optional().describe('Exactly these states'),
  partials: range.optional().describe('The number of partials'),
  finals: range.optional().describe('The number of finals'),
  confirmations: range.optional().describe('The number of flush confirmations'),
  candidates: range.optional().describe('The number of candidates for the end of a turn'),
  turns: range.optional().describe('The number of turns that ended'),
  errors: range.optional().describe('The number of error messages'),
  pings: range.optional().describe('The number of pings of the server'),
  fragments: range.optional().describe('The number of frames that are only a part of a message'),
  malformed: z.enum(MALFORMED).optional().describe('What is wrong with the frames (nothing)'),
  'first-result': timeRange.optional().describe('From the first audio to the first result'),
  takes: timeRange.optional().describe('From connecting to the end of the connection'),
  end: oneOf(
    [whole(0, 65_535), z.enum(['fin', 'reset', 'open'])],
    'expected a close code such as 1000, or fin, reset or open',
  )
    .optional()
    .describe(
      'The code in the Close frame of the server (1005 without one), the end of TCP without a Close frame, or that it never ends',
    ),
  reason: text.optional().describe('The reason in the Close frame'),
});

const answer = z.strictObject({
  call: z.enum(ALL_CALLS),
  status: oneOf(
    [whole(200, 599), z.enum(['none', 'dropped', 'reset', 'cut'])],
    'expected a status such as 200, or none, dropped, reset or cut',
  ),
  headers: answered.optional(),
  body: json.optional().describe('The body, or a part of it'),
  takes: timeRange.optional(),
});

/** What must be true afterwards, as the client sees it, for each connection and each call. */
export const expect = oneOf(
  [outcome, z.array(oneOf([outcome, answer])).max(100, 'expected at most 100 entries')],
  'expected keys such as {finals: 1}, or a list of them',
).describe('What must be true afterwards: for the connection, or for each connection and call in turn');
