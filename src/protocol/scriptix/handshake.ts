import { DIALECTS } from '../dialects.ts';
import { z } from 'zod';

/** How a Scriptix connection is opened. */

/** S0:7; S1:12; S2:11,15. */
export const PATHS = {
  microphone: DIALECTS.scriptix.paths[0],
  stream: DIALECTS['scriptix-stream'].paths[0],
} as const;
/** The two modes. */
export type Mode = keyof typeof PATHS;

/** A way to present the token. */
export interface CredentialForm {
  readonly mode: Mode;
  readonly place: 'query' | 'header' | 'path';
  /** The query parameter, the header (in lower case), or the placeholder in the path. */
  readonly name: string;
  readonly source: readonly string[];
}

/** The documented ways to present the token (S0:14,22-31; S2:15,20). */
export const CREDENTIAL_FORMS: readonly CredentialForm[] = [
  { mode: 'microphone', place: 'query', name: 'token', source: ['S0:14', 'S2:20'] },
  { mode: 'microphone', place: 'header', name: 'x-zoom-s2t-key', source: ['S0:27'] },
  { mode: 'microphone', place: 'header', name: 'x-api-key', source: ['S0:28'] },
  { mode: 'microphone', place: 'header', name: 'api-key', source: ['S0:29'] },
  { mode: 'stream', place: 'path', name: 'token', source: ['S1:12', 'S2:15'] },
];

/** S0:16; S2:21. */
export const MODEL_TYPES = ['fast', 'quality'] as const;
/** The model of the recogniser. */
export type ModelType = (typeof MODEL_TYPES)[number];
/** The model if none is named (S0:16). */
const DEFAULT_MODEL_TYPE: ModelType = 'fast';

/** A query parameter. All of them are strings. */
export interface QueryParameter {
  readonly name: string;
  readonly modes: readonly Mode[];
  /** `unless-header`: the token may come in a header instead. `disputed`: the documents disagree. */
  readonly required: 'yes' | 'no' | 'unless-header' | 'disputed';
  /** What applies if the parameter is absent, if the documents say so. */
  readonly default?: string;
  /** The only valid values; without it any string is valid. */
  readonly allowed?: readonly string[];
  readonly source: readonly string[];
}

/** The documented parameters of each mode. */
export const QUERY_PARAMETERS: readonly QueryParameter[] = [
  { name: 'token', modes: ['microphone'], required: 'unless-header', source: ['S0:14', 'S2:20'] },
  { name: 'url', modes: ['stream'], required: 'yes', source: ['S2:23', 'S2:113'] },
  { name: 'language', modes: ['microphone', 'stream'], required: 'no', source: ['S0:15', 'S2:22'] },
  {
    name: 'type',
    modes: ['microphone', 'stream'],
    required: 'disputed',
    default: DEFAULT_MODEL_TYPE,
    allowed: MODEL_TYPES,
    source: ['S0:16', 'S2:21'],
  },
];

/** Two letters, as ISO 639-1 has them (S0:15). Practice also has `nl-nl`: ask this schema on its own. */
export const languageCode = z.string().regex(/^[a-z]{2}$/i);

/** The query of a microphone connection, percent-decoded. The token is absent when a header carries it. */
export const microphoneQuery = z.object({
  token: z.string().min(1).optional(),
  language: languageCode.optional(),
  type: z.enum(MODEL_TYPES).optional(),
});

/** The query of a stream connection, percent-decoded; `url` is the source that the server fetches (S2:15,23). */
export const streamQuery = z.object({
  url: z.string().min(1),
  language: languageCode.optional(),
  type: z.enum(MODEL_TYPES).optional(),
});
