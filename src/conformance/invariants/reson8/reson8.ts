import { inItsEditions } from '../shared/in-its-editions.ts';
import type { Invariant } from '../../judge/invariant.ts';
import { accepted } from './opening/accepted.ts';
import { audioAndResults } from './transcripts/audio-and-results.ts';
import { clientFlushes } from './client/client-flushes.ts';
import { clientQuery } from './client/client-query.ts';
import { confidence } from './transcripts/confidence.ts';
import { connecting } from './opening/connecting.ts';
import { display } from './client/display.ts';
import { errors } from './messages/errors.ts';
import { finals } from './transcripts/finals.ts';
import { formats } from './transcripts/formats.ts';
import { flushConfirmations } from './flushes/flush-confirmations.ts';
import { flushContinues } from './flushes/flush-continues.ts';
import { flushTranscripts } from './flushes/flush-transcripts.ts';
import { interimAfterFinal } from './transcripts/interim-after-final.ts';
import { isolation } from './opening/isolation.ts';
import { messages } from './messages/messages.ts';
import { reasons } from './opening/reasons.ts';
import { refused } from './opening/refused.ts';
import { transcriptFields } from './transcripts/transcript-fields.ts';
import { transcriptValues } from './transcripts/transcript-values.ts';
import { unaskedInterims } from './transcripts/unasked-interims.ts';
import { wordFields } from './transcripts/word-fields.ts';
import { wordTexts } from './transcripts/word-texts.ts';
import { wordTimes } from './transcripts/word-times.ts';

export { RESON8_OBSERVATIONS } from './observations.ts';

/** All invariants of Reson8 conversations, for both sides. */
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
  ...reasons,
].map(inItsEditions);
