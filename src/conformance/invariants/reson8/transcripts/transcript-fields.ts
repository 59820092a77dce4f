import type { RequirementId } from '../../../../protocol/requirements.ts';
import {
  broken,
  doubtful,
  held,
  heldIf,
  madeBy,
  withReading,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { wrongType } from '../../../blame/mistakes.ts';
import type { IncludeFlag } from '../../../../protocol/reson8/handshake.ts';
import type { Fields } from '../../../conversation/read-message.ts';
import { shown } from '../../../text/shown.ts';
import { isNumber, perRealtime, type Realtime, type Transcript } from '../realtime.ts';
import { AMBIGUITIES, type Reading } from '../../../../protocol/ambiguities.ts';

/** The fields of a transcript, and the flags that add them (S4:103-108). */
export const transcriptFields: readonly Invariant[] = [
  perRealtime('R8-TR-001', function* ({ transcripts }) {
    for (const { index, fields } of transcripts) {
      const { text } = fields;
      yield heldIf(typeof text === 'string', [index], 'text: a string', () => `text: ${shown(text)}`);
    }
  }),
  perRealtime('R8-TR-002', function* ({ flags, transcripts }) {
    if (flags.include_interim !== true) return;
    for (const { index, fields } of transcripts) {
      const { is_final: isFinal } = fields;
      const isBoolean = typeof isFinal === 'boolean';
      yield heldIf(isBoolean, [index], 'is_final: a boolean', () => `is_final: ${shown(isFinal)}`);
    }
  }),
  notAsked('R8-TR-003', 'include_interim', ['is_final']),
  perRealtime('R8-TR-005', function* ({ flags, transcripts }) {
    if (flags.include_timestamps !== true) return;
    for (const transcript of transcripts) yield there(transcript, transcript.fields, TIMES, isNumber);
  }),
  notAsked('R8-TR-006', 'include_timestamps', ['start_ms', 'duration_ms']),
  perRealtime('R8-TR-007', function* ({ flags, transcripts }) {
    if (flags.include_words !== true) return;
    for (const transcript of transcripts) yield there(transcript, transcript.fields, WORDS, Array.isArray);
  }),
  notAsked('R8-TR-008', 'include_words', ['words']),
];

/** The fields that a flag asks for, for reports. */
export interface FlaggedFields {
  readonly names: readonly string[];
  readonly expected: string;
  /** The two readings: interims have the fields, or lack them (A18). */
  readonly readings: Readonly<Record<'there' | 'lacking', Reading>>;
  readonly areTimes?: boolean;
}
const TIMES: FlaggedFields = {
  areTimes: true,
  names: ['start_ms', 'duration_ms'],
  expected: 'a number',
  readings: AMBIGUITIES.times.readings,
};
const WORDS: FlaggedFields = { names: ['words'], expected: 'an array', readings: AMBIGUITIES.words.readings };

/**
 * Whether a transcript, or a word in it, has what a flag asks for. An interim may lack it: the tables neither
 * distinguish interims nor exclude this (A18). Present fields must be valid.
 */
export function there(
  { index, isInterim }: Transcript,
  fields: Fields,
  { names, expected, readings, areTimes = false }: FlaggedFields,
  accepts: (value: unknown) => boolean,
): Occasion {
  const wrong = names.filter((name) => !accepts(fields[name]));
  if (wrong.length === 0) {
    return isInterim ? withReading(held(index), readings.there) : held(index);
  }
  const wanted = names.map((name) => `${name}: ${expected}`).join(', ');
  const actual = wrong.map((name) => `${name}: ${shown(fields[name])}`).join(', ');
  const isLacking = wrong.every((name) => !Object.hasOwn(fields, name));
  const mistake = areTimes ? wrongType(fields[wrong[0] ?? '']) : undefined;
  return madeBy(
    mistake,
    isInterim && isLacking
      ? withReading(doubtful([index], wanted, actual), readings.lacking)
      : broken([index], wanted, actual),
  );
}

/** Whether fields that were not asked for are absent. */
export function notThere(index: number, fields: Fields, names: readonly string[]): Occasion {
  const extra = names.filter((name) => Object.hasOwn(fields, name));
  return heldIf(
    extra.length === 0,
    [index],
    `no ${names.join(', no ')}`,
    () => `${extra.map((name) => `${name}: ${shown(fields[name])}`).join(', ')}, which was not asked for`,
  );
}

function notAsked(id: RequirementId, flag: IncludeFlag, names: readonly string[]): Invariant {
  return perRealtime(id, function* ({ flags, transcripts }: Realtime) {
    if (flags[flag] !== false) return;
    for (const { index, fields } of transcripts) yield notThere(index, fields, names);
  });
}
