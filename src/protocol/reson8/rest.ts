import { z } from 'zod';
import { DIALECTS } from '../dialects.ts';
import { flag, number } from '../query-values.ts';
import { MOST_CHANNELS, SPEECH_PARAMETERS } from '../reson8-turns/handshake.ts';

/** The paths of its calls, which are not in S4. */
export const [TOKEN_PATH, PRERECORDED_PATH, MODELS_PATH] = DIALECTS['reson8-rest'].paths;

/** The values of `encoding` for a recording: samples, or the containers that newer pages name. */
export const RECORDING_ENCODINGS = [
  'auto',
  'pcm_s16le',
  'mulaw',
  'alaw',
  'm4a',
  'm4v',
  'mp4',
  'mov',
  '3gp',
  '3g2',
] as const;

const MOST_SPEAKERS = 4;

/**
 * The query of a call with a recording: percent-decoded strings go in, values with the defaults come out. `sample_rate`
 * is in Hz.
 */
export const recordingQuery = z.object({
  encoding: z.enum(RECORDING_ENCODINGS).default('auto'),
  sample_rate: number.default(16_000).pipe(z.number().positive()),
  channels: number.default(1).pipe(z.int().min(1).max(MOST_CHANNELS)),
  ...SPEECH_PARAMETERS,
  include_timestamps: flag,
  include_words: flag,
  include_confidence: flag,
  include_language: flag,
  diarize: flag,
  max_speakers: number.pipe(z.int().min(1).max(MOST_SPEAKERS)).optional(),
});

/**
 * How Reson8 refuses a connection over HTTP. S4 documents no REST calls; it gives three statuses with names,
 * and it does not say what a refusal looks like.
 */
export interface HttpError {
  readonly httpStatus: number;
  readonly code: string;
  readonly source: string;
}

/** The documented statuses with their names (S4:129-134). */
export const HTTP_ERRORS = [
  { httpStatus: 400, code: 'INVALID_REQUEST', source: 'S4:132' },
  { httpStatus: 401, code: 'UNAUTHORIZED', source: 'S4:133' },
  { httpStatus: 500, code: 'INTERNAL_ERROR', source: 'S4:134' },
] as const satisfies readonly HttpError[];

/** The JSON body of a refusal. It is not in S4, but one of two accounts from elsewhere (see the dossier). */
export const errorBody = z.object({ code: z.string(), message: z.string() });
