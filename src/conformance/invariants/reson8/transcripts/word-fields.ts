import type { RequirementId } from '../../../../protocol/requirements.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { heldIf, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import type { IncludeFlag } from '../../../../protocol/reson8/handshake.ts';
import type { Fields } from '../../../conversation/read-message.ts';
import { shown } from '../../../text/shown.ts';
import { isNumber, perRealtime } from '../realtime.ts';
import { notThere, there, type FlaggedFields } from './transcript-fields.ts';
import { allWordsIn, type Word } from './words.ts';

const TIMES: FlaggedFields = {
  areTimes: true,
  names: ['start_ms', 'duration_ms'],
  expected: 'a number',
  readings: AMBIGUITIES.wordTimes.readings,
};
const CONFIDENCE: FlaggedFields = {
  names: ['confidence'],
  expected: 'a number',
  readings: AMBIGUITIES.confidences.readings,
};

/** The fields of a word, and the flags that add them (S4:113-116). */
export const wordFields: readonly Invariant[] = [
  perRealtime('R8-W-001', function* (realtime) {
    for (const { transcript, text, fields, value } of allWordsIn(realtime)) {
      yield heldIf(text !== undefined, [transcript.index], 'a word: an object with the string text', () =>
        fields === undefined ? `a word: ${shown(value)}` : `text: ${shown(fields['text'])}`,
      );
    }
  }),
  perWord('R8-W-002', 'include_timestamps', true, ({ transcript }, fields) =>
    there(transcript, fields, TIMES, isNumber),
  ),
  perWord('R8-W-003', 'include_timestamps', false, ({ transcript }, fields) =>
    notThere(transcript.index, fields, TIMES.names),
  ),
  perWord('R8-W-004', 'include_confidence', true, ({ transcript }, fields) =>
    there(transcript, fields, CONFIDENCE, isNumber),
  ),
  perWord('R8-W-005', 'include_confidence', false, ({ transcript }, fields) =>
    notThere(transcript.index, fields, CONFIDENCE.names),
  ),
];

/** Looks at every word that is an object, in conversations whose flag has the value. */
function perWord(
  id: RequirementId,
  flag: IncludeFlag,
  value: boolean,
  judge: (word: Word, fields: Fields) => Occasion,
): Invariant {
  return perRealtime(id, function* (realtime) {
    if (realtime.flags[flag] !== value) return;
    for (const word of allWordsIn(realtime)) if (word.fields !== undefined) yield judge(word, word.fields);
  });
}
