import { DIALECTS } from '../dialects.ts';
import { z } from 'zod';
import { flag, number } from '../query-values.ts';

/** How a Reson8 realtime connection is opened. */

/** Its path (S4:7). */
export const PATHS = { realtime: DIALECTS.reson8.paths[0] } as const;

/** A way to present credentials. */
export type CredentialForm =
  | {
      readonly place: 'header';
      readonly name: 'authorization';
      readonly scheme: 'ApiKey' | 'Bearer';
      readonly source: string;
    }
  | {
      readonly place: 'subprotocol';
      readonly name: 'sec-websocket-protocol';
      /** The first subprotocol offered; the second is the token itself. */
      readonly offer: 'bearer';
      readonly source: string;
    };

/** The documented ways to present credentials (S4:11-17). */
export const CREDENTIAL_FORMS: readonly CredentialForm[] = [
  { place: 'header', name: 'authorization', scheme: 'ApiKey', source: 'S4:14' },
  { place: 'header', name: 'authorization', scheme: 'Bearer', source: 'S4:14' },
  { place: 'subprotocol', name: 'sec-websocket-protocol', offer: 'bearer', source: 'S4:15' },
];

/** `Authorization: ApiKey <key>` or `Bearer <token>` (S4:14). HTTP compares schemes without case. */
export const authorizationHeader = z.string().regex(/^(?:apikey|bearer) +[^\s]+$/i);

/** `Sec-WebSocket-Protocol: bearer, <token>` (S4:15). HTTP allows omitting the space after the comma. */
export const subprotocolHeader = z.string().regex(/^bearer[ \t]*,[ \t]*[^\s,]+$/);

/** S4:22. */
export const ENCODINGS = ['auto', 'pcm_s16le'] as const;

/** The switches that add fields and results (S4:26-29). */
export const INCLUDE_FLAGS = [
  'include_timestamps',
  'include_words',
  'include_confidence',
  'include_interim',
] as const;
/** The name of such a switch. */
export type IncludeFlag = (typeof INCLUDE_FLAGS)[number];
/** All of these switches. */
export type IncludeFlags = Readonly<Record<IncludeFlag, boolean>>;

/** A query parameter as documented in S4:22-29. None is required. */
export interface QueryParameter {
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean';
  /** The default when the parameter is absent, if there is one. */
  readonly default?: string | number | boolean;
  /** The only valid values; without it any value of the type is valid. */
  readonly allowed?: readonly string[];
  readonly source: string;
}

/** The documented parameters (S4:22-29). */
export const QUERY_PARAMETERS = [
  { name: 'encoding', type: 'string', default: 'auto', allowed: ENCODINGS, source: 'S4:22' },
  { name: 'sample_rate', type: 'number', default: 16_000, source: 'S4:23' },
  { name: 'channels', type: 'number', default: 1, source: 'S4:24' },
  { name: 'custom_model_id', type: 'string', source: 'S4:25' },
  { name: 'include_timestamps', type: 'boolean', default: false, source: 'S4:26' },
  { name: 'include_words', type: 'boolean', default: false, source: 'S4:27' },
  { name: 'include_confidence', type: 'boolean', default: false, source: 'S4:28' },
  { name: 'include_interim', type: 'boolean', default: false, source: 'S4:29' },
] as const satisfies readonly QueryParameter[];

/**
 * The query of a connection: percent-decoded strings go in, values with the documented defaults come out
 * (S4:22-29). `sample_rate` is in Hz and greater than 0, `channels` a whole number from 1.
 */
export const query = z.object({
  encoding: z.enum(ENCODINGS).default('auto'),
  sample_rate: number.default(16_000).pipe(z.number().positive()),
  channels: z.string().regex(/^\d+$/).default('1').transform(Number).pipe(z.int().positive()),
  custom_model_id: z.string().optional(),
  include_timestamps: flag,
  include_words: flag,
  include_confidence: flag,
  include_interim: flag,
});
