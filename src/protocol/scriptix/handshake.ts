import { DIALECTS } from '../dialects.ts';
import { z } from 'zod';

/** How a Scriptix connection is opened, and the numbers that the documents give for its life. */

/** Where the real service listens (S0:7; S1:45). */
export const ORIGIN = 'wss://realtime.scriptix.io';

/** S0:7; S1:12; S2:11,15. */
export const PATHS = {
  microphone: DIALECTS.scriptix.paths[0],
  stream: DIALECTS['scriptix-stream'].paths[0],
} as const;
export type Mode = keyof typeof PATHS;

/** One way to present the token. */
export interface CredentialForm {
  readonly mode: Mode;
  readonly place: 'query' | 'header' | 'path';
  /** The query parameter, the header (in lower case), or the placeholder in the path. */
  readonly name: string;
  readonly source: readonly string[];
}

export const CREDENTIAL_FORMS: readonly CredentialForm[] = [
  { mode: 'microphone', place: 'query', name: 'token', source: ['S0:14', 'S2:20'] },
  { mode: 'microphone', place: 'header', name: 'x-zoom-s2t-key', source: ['S0:27'] },
  { mode: 'microphone', place: 'header', name: 'x-api-key', source: ['S0:28'] },
  { mode: 'microphone', place: 'header', name: 'api-key', source: ['S0:29'] },
  { mode: 'stream', place: 'path', name: 'token', source: ['S1:12', 'S2:15'] },
];

/** S0:16; S2:21. */
export const MODEL_TYPES = ['fast', 'quality'] as const;
export type ModelType = (typeof MODEL_TYPES)[number];
export const DEFAULT_MODEL_TYPE: ModelType = 'fast';

/** A query parameter. All of them are strings. */
export interface QueryParameter {
  readonly name: string;
  readonly modes: readonly Mode[];
  /** `unless-header`: the token may come in a header instead. `disputed`: the documents disagree. */
  readonly required: 'yes' | 'no' | 'unless-header' | 'disputed';
  /** What holds when the parameter is absent, where the documents say so. */
  readonly default?: string;
  /** The only values; without it any string goes. */
  readonly allowed?: readonly string[];
  readonly source: readonly string[];
}

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
export type MicrophoneQuery = z.infer<typeof microphoneQuery>;

/** The query of a stream connection, percent-decoded; `url` is what the server shall fetch (S2:15,23). */
export const streamQuery = z.object({
  url: z.string().min(1),
  language: languageCode.optional(),
  type: z.enum(MODEL_TYPES).optional(),
});
export type StreamQuery = z.infer<typeof streamQuery>;

/** How long a connection may take to be established (S1:32,43; S2:27,114). */
export const CONNECTION_TIMEOUT_MS = 15_000;

/** About when a segment is made final: whichever comes first (S0:56). */
export const SEGMENT_WORD_COUNT = 15;
export const SEGMENT_AUDIO_MS = 30_000;

/** S2:105-106. Only 1000 can be in a Close frame: 1006 is what an endpoint notes when there was none. */
export const CLOSE_CODES = [
  { code: 1000, sent: true, source: 'S2:105' },
  { code: 1006, sent: false, source: 'S2:106' },
] as const;
