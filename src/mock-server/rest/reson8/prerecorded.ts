import type { Request } from 'express';
import type { EditionNames } from '../../../protocol/editions.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { happyPath } from '../../../scenario/happy-path.ts';
import type { Voices } from '../../../scenario/speech/voices.ts';
import type { HttpAnswer } from '../../dialects/dialect.ts';
import type { Use } from '../../journal/usage.ts';
import { RESON8_FORM } from '../../dialects/reson8/form.ts';
import { modelPhrases, spokenWith } from '../../dialects/reson8/model.ts';
import { spokenAs } from '../../dialects/reson8/parameters.ts';
import { hearRecording } from './hear.ts';
import type { Models } from './models.ts';
import { readAsked } from './prerecorded-query.ts';
import { Refused } from './refused.ts';
import { transcriptOf } from './transcript.ts';
import { uploadOf } from './upload.ts';

export interface PrerecordedOptions {
  readonly voices: Voices;
  readonly models: Pick<Models, 'phrasesOf'>;
  readonly seed: number;
  /** How many made-up speakers take turns where at most this many are told apart. */
  readonly speakers: (most: number | undefined) => number;
  /** The longest body, in bytes. */
  readonly maxBodyBytes: number;
  /** Recordings that are heard at the same time, and open connections, at most. */
  readonly maxSessions: number;
  /** The connections that are open or wait for their answer. */
  readonly size: () => number;
  /** Real time, for what a client takes to send its body. */
  readonly wall: Clock;
  /** Called with what was heard of a recording. */
  readonly onHeard: (use: Use) => void;
}

/**
 * What Reson8 answers a call with a recording, once its credential has been checked. Undefined when the client has gone
 * before all of it came.
 */
export type Prerecorded = (
  request: Request,
  query: URLSearchParams,
  editions: EditionNames,
  /** The key, also where a token was presented. */
  key: string,
) => Promise<HttpAnswer | undefined>;

export function prerecorded(options: PrerecordedOptions): Prerecorded {
  const { voices, models, seed, speakers, maxBodyBytes, maxSessions, size, wall, onHeard } = options;
  let hearing = 0;
  return async (request, query, editions, key) => {
    const asked = readAsked(query);
    if (typeof asked === 'string') return RESON8_FORM.problem(400, asked);
    const phrases = modelPhrases(query, (id) => models.phrasesOf(key, id));
    if ('status' in phrases) return phrases;
    if (hearing + size() >= maxSessions) return RESON8_FORM.full(`More than ${maxSessions} connections`);
    hearing += 1;
    try {
      const spoken = spokenAs(asked.speech);
      const voice = await voices(spoken.language, spokenWith(phrases, spoken).additions);
      const body = uploadOf(request, maxBodyBytes, wall);
      const steps = happyPath('reson8', editions);
      const script = { steps, voice, speakers: speakers(asked.mostSpeakers), seed };
      const { finals, audioMs } = await hearRecording(body, asked, script);
      onHeard({ service: 'reson8', token: key, scenario: undefined, audioMs });
      return { status: 200, body: transcriptOf(finals, asked) };
    } catch (error) {
      if (error instanceof Refused) return RESON8_FORM.problem(error.status, error.message);
      if (request.destroyed && !request.complete) return undefined;
      throw error;
    } finally {
      hearing -= 1;
    }
  };
}
