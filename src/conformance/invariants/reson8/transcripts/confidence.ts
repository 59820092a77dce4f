import { broken, held, type Invariant } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { isNumber, perRealtime } from '../realtime.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { allWordsIn } from './words.ts';

/**
 * A client of the vendor interprets confidence as a logarithm; users of a server that does so accept this deviation.
 */
const LOG_PROBABILITY_DEVIATION = 'reson8-confidence-logprob';

/** S4:116: from 0 to 1 (A16). */
export const confidence: readonly Invariant[] = [
  perRealtime('R8-W-006', function* (realtime) {
    const seen = allWordsIn(realtime).flatMap(({ transcript, fields }) => {
      const value = fields?.['confidence'];
      return isNumber(value) ? [{ index: transcript.index, value }] : [];
    });
    // A single positive number shows that the values are not log-probabilities; -1 alone means "unknown".
    const isLogarithm =
      seen.some(({ value }) => value < 0 && !Number.isInteger(value)) &&
      seen.every(({ value }) => value <= 0);
    for (const { index, value } of seen) {
      if (value >= 0 && value <= 1) yield held(index);
      else if (!isLogarithm) yield broken([index], 'confidence: from 0 to 1', `confidence: ${shown(value)}`);
      else {
        const diagnosis = 'all of this connection look like natural log-probabilities: none is above 0';
        yield {
          ...broken([index], 'confidence: from 0 to 1', `confidence: ${shown(value)}; ${diagnosis}`),
          reading: AMBIGUITIES.A16.readings.logarithm,
          deviation: LOG_PROBABILITY_DEVIATION,
        };
      }
    }
  }),
];
