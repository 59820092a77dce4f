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

/** What calls with recordings need from the server. */
export interface PrerecordedOptions {
  readonly voices: Voices;
  readonly models: Pick<Models, 'phrasesOf'>;
  readonly seed: number;
  /** How many made-up speakers take turns when at most this many are distinguished. */
  readonly speakers: (most: number | undefined) => number;
  /** The longest body, in bytes. */
  readonly maxBodyBytes: number;
  /** The maximum number of recordings heard at the same time plus open connections. */
  readonly maxSessions: number;
  /** The number of connections that are open or wait for their answer. */
  readonly size: () => number;
  /** Real time, for how long a client takes to send its body. */
  readonly wall: Clock;
  /** Called with what was heard of a recording. */
  readonly onHeard: (use: Use) => void;
}

/**
 * The answer of Reson8 to a call with a recording, after its credential has been checked. Undefined if the client left
 * before all of it had arrived.
 */
export type Prerecorded = (
  request: Request,
  query: URLSearchParams,
  editions: EditionNames,
  /** The key, even if a token was presented. */
  key: string,
) => Promise<HttpAnswer | undefined>;

/** Makes the function that answers calls with recordings. */
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
