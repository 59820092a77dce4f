import type { Invariant } from '../../invariant.ts';
import { accepted } from './accepted.ts';
import { audioAndResults } from './audio-and-results.ts';
import { clientFlushes } from './client-flushes.ts';
import { clientQuery } from './client-query.ts';
import { confidence } from './confidence.ts';
import { connecting } from './connecting.ts';
import { display } from './display.ts';
import { errors } from './errors.ts';
import { finals } from './finals.ts';
import { formats } from './formats.ts';
import { flushConfirmations } from './flush-confirmations.ts';
import { flushContinues } from './flush-continues.ts';
import { flushTranscripts } from './flush-transcripts.ts';
import { interimAfterFinal } from './interim-after-final.ts';
import { isolation } from './isolation.ts';
import { messages } from './messages.ts';
import { refused } from './refused.ts';
import { transcriptFields } from './transcript-fields.ts';
import { transcriptValues } from './transcript-values.ts';
import { unaskedInterims } from './unasked-interims.ts';
import { wordFields } from './word-fields.ts';
import { wordTexts } from './word-texts.ts';
import { wordTimes } from './word-times.ts';

export { RESON8_OBSERVATIONS } from './observations.ts';

/** Everything that is looked at in a Reson8 conversation, of both sides. */
export const RESON8_INVARIANTS: readonly Invariant[] = [
  ...connecting,
  ...accepted,
  ...refused,
  ...clientQuery,
  ...messages,
  ...isolation,
  ...formats,
  ...transcriptFields,
  ...transcriptValues,
  ...unaskedInterims,
  ...finals,
  ...audioAndResults,
  ...interimAfterFinal,
  ...display,
  ...wordFields,
  ...confidence,
  ...wordTimes,
  ...wordTexts,
  ...flushConfirmations,
  ...flushTranscripts,
  ...flushContinues,
  ...clientFlushes,
  ...errors,
];
