import { z } from 'zod';
import { bytesOfBase64 } from '../../runtime/text/base64.ts';
import { epochMsOf } from '../../runtime/wall-time.ts';
import type { Peer } from '../trace.ts';

/**
 * The parts of a HAR file that are read: the fields of HAR 1.2, those that Chrome and other programs add
 * (`_resourceType`, `_webSocketMessages`, `_webSocketClose`), and our own (`_end`, `_sha256`, `_byteCount`). Fields
 * needed only for a detail may have any value, and count as missing if it is invalid. Lists are checked item by item,
 * so that an invalid item does not invalidate the others.
 */

const MOST_ENTRIES = 100_000;
const MOST_HEADERS = 1000;
const MOST_MESSAGES = 1_000_000;

const AN_OBJECT = 'expected an object';

const text = z.string('expected a string');
/** A detail that is a string, or missing. */
const word = z.string().optional().catch(undefined);
/** A detail that is a finite number, or missing. */
const amount = z.number().optional().catch(undefined);

function listOf(most: number) {
  return z
    .array(z.unknown(), 'expected a list')
    .max(most, { error: ({ input }) => `it has ${input?.length} items; at most ${most} are read` });
}

/** Seconds since 1970, as in Chrome, or milliseconds, as in other programs. Returned as milliseconds. */
const time = z
  .number('expected seconds since 1970')
  .transform((given) => (given > 1e11 ? given : given * 1000))
  .refine((epochMs) => epochMs >= 0 && epochMs < 1e14, 'expected seconds since 1970');

/** The code of a Close frame; 1005, which means none, for an invalid value. */
export const closeCode = z.int().min(0).max(65_535).catch(1005);

/** The file, whose entries are read one by one. */
export const har = z.object({ log: z.object({ entries: listOf(MOST_ENTRIES) }, AN_OBJECT) }, AN_OBJECT);

/** The part of an entry that decides whether it is read at all. */
export const resource = z.object({ _resourceType: word }, AN_OBJECT);

/** A header, a parameter or a cookie. */
export const header = z.object({ name: text, value: text }, AN_OBJECT);

const headers = listOf(MOST_HEADERS).nullish();

/** The URL of a request, without the fragment and without a name and password. */
const url = text.transform((given, context) => {
  const [, authority = '', target = ''] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)([^#]*)/i.exec(given) ?? [];
  if (authority === '') {
    context.addIssue('expected an absolute URL');
    return z.NEVER;
  }
  return {
    isSocket: /^wss?:/i.test(given),
    host: authority.slice(authority.lastIndexOf('@') + 1),
    target: target.startsWith('/') ? target : `/${target}`,
  };
});

const request = z.object(
  {
    method: text,
    url,
    headers,
    postData: z.object({ text: word }, AN_OBJECT).nullish(),
  },
  AN_OBJECT,
);

const response = z.object(
  {
    /** 0 if the file has none. */
    status: z.int().catch(0),
    httpVersion: word,
    headers,
    content: z.object({ text: word, encoding: word }, AN_OBJECT).nullish(),
  },
  AN_OBJECT,
);

const instant = text.transform((given, context) => {
  const epochMs = epochMsOf(given);
  if (epochMs !== undefined) return epochMs;
  context.addIssue('expected a time such as 2025-01-31T12:00:00.000+01:00');
  return z.NEVER;
});

/** Our own `_end`: how a connection ended, and when. */
export const end = z.object(
  {
    time,
    how: z.enum(['close', 'fin', 'reset', 'silence', 'refused'], 'expected how a connection ends'),
    by: z.enum(['client', 'server']).optional().catch(undefined),
    code: closeCode,
  },
  AN_OBJECT,
);

/** One request with its answer. */
export const entry = z.object(
  {
    startedDateTime: instant,
    request,
    response,
    _resourceType: word,
    /** In milliseconds; -1 for steps that did not apply. */
    timings: z
      .object({ blocked: amount, dns: amount, connect: amount, send: amount, wait: amount }, AN_OBJECT)
      .nullish(),
    _webSocketMessages: listOf(MOST_MESSAGES).nullish(),
    /** Parsed by `end`, if this was a connection with messages. */
    _end: z.unknown().optional(),
    /** A code, or an object parsed by `closing`, used if nothing else says how the connection ended. */
    _webSocketClose: z.unknown().optional(),
  },
  AN_OBJECT,
);

/** A frame, as written by Chrome, mitmproxy and Playwright. */
const frame = z
  .object({
    type: z.enum(['send', 'receive']),
    time,
    /** 1 if it is missing. */
    opcode: z
      .number()
      .catch(1)
      .pipe(z.literal([1, 2, 8, 9, 10], 'expected 1 (text), 2 (binary), 8 (close), 9 (ping) or 10 (pong)')),
    data: text,
    code: closeCode,
    _byteCount: z.int().min(0).optional().catch(undefined),
    _sha256: z
      .string()
      .regex(/^[\da-f]{16}$/)
      .optional()
      .catch(undefined),
  })
  // Node.js skips what is not base64, and the rest would be other bytes than those that were sent.
  .refine(({ opcode, data }) => !IN_BASE64.includes(opcode) || bytesOfBase64(data) !== undefined, {
    path: ['data'],
    error: 'expected base64',
  });

/** The frames whose bytes need not be text. */
const IN_BASE64: readonly number[] = [2, 9, 10];

/** A frame or an error. */
export const message = z.discriminatedUnion(
  'type',
  [frame, z.object({ type: z.literal('error'), time, data: text })],
  { error: ({ input }) => (input instanceof Object ? 'expected "send" or "receive"' : AN_OBJECT) },
);

/** The peer meant by a word such as `send` or `remote`. */
const peer = word.transform((given): Peer | undefined => {
  if (given === undefined) return undefined;
  if (/^(?:client|send|sent|local|browser|page)$/i.test(given)) return 'client';
  return /^(?:server|receive|received|remote|peer)$/i.test(given) ? 'server' : undefined;
});

const closingTime = amount.pipe(time.optional());

/** In `_webSocketClose`: how a connection was closed, with the field names of several programs. */
export const closing = z
  .object(
    {
      ...{ code: amount, closeCode: amount, status: amount, statusCode: amount },
      ...{ reason: word, closeReason: word, data: word },
      ...{ by: peer, from: peer, initiator: peer, type: peer, direction: peer },
      ...{ time: closingTime, timestamp: closingTime },
    },
    AN_OBJECT,
  )
  .transform((given) => ({
    code: closeCode.parse(given.code ?? given.closeCode ?? given.status ?? given.statusCode),
    reason: given.reason ?? given.closeReason ?? given.data ?? '',
    by: given.by ?? given.from ?? given.initiator ?? given.type ?? given.direction,
    epochMs: given.time ?? given.timestamp,
  }));

/** One request with its answer. */
export type HarEntry = z.output<typeof entry>;
/** A message of a WebSocket. */
export type HarMessage = z.output<typeof message>;
