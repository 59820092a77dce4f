import type { Conversation, Heard } from '../../../conversation/conversation.ts';
import {
  awaiting,
  blaming,
  broken,
  held,
  heldBySilence,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { normalise } from '../../../text/normalise.ts';
import { isUnderstood, perConnection, perMicrophone } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';
import { isWhole } from '../../shared/whole.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { audioMsAt, finalsAt, partialsOf, resultsOf } from '../results.ts';
import { segmentsOf } from './segments.ts';
import { hasStillOffsets } from './still-offsets.ts';

/** When partials come and what they contain (S0:38,49,52). */
export const partials: readonly Invariant[] = [
  perMicrophone('SX-PART-007', silent),
  perConnection('SX-PART-008', function* (conversation) {
    const [first] = resultsOf(conversation);
    if (first === undefined || !isUnderstood(conversation) || wantsNoPartials(conversation)) return;
    // A result without a valid `is_final` has a different fault.
    if (typeof first.fields['is_final'] !== 'boolean') return;
    if (!first.isFinal) yield held(first.index);
    else {
      const finding = broken([first.index], 'a partial as the first result', 'a final');
      yield awaiting(finding, [conversation.moments[0]?.index ?? 0, first.index]);
    }
  }),
  perConnection('SX-PART-011', grows),
  perMicrophone('SX-PART-014', function* (conversation, play) {
    const { tolerances } = play;
    if (!isWhole(conversation)) return;
    const isStill = hasStillOffsets(conversation, play);
    for (const partial of partialsOf(conversation)) {
      const { index, offsetMs } = partial;
      const sentMs = audioMsAt(partial);
      if (offsetMs === undefined || sentMs === undefined) continue;
      if (offsetMs <= sentMs + tolerances.audioMs) {
        yield held(index);
        continue;
      }
      const expected = `offset_ms within the ${Math.round(sentMs)} ms that were sent`;
      const actual = `offset_ms ${offsetMs}`;
      if (isStill) yield unclear([index], expected, actual);
      else yield blaming(broken([index], expected, actual), index, ...finalsAt(conversation, offsetMs));
    }
  }),
];

/** Silence before any speech brings nothing. Results after speech may be about that speech (A26). */
function* silent(conversation: Conversation, { tolerances }: Play): Iterable<Occasion> {
  if (!isWhole(conversation)) return;
  const quiet = conversation.moments.filter(({ audio }) => audio.byteCount > 0 && audio.speechMs === 0);
  const silence = quiet.at(-1);
  const silenceMs = silence?.audio.ms;
  if (silence === undefined || silenceMs === undefined || silenceMs < tolerances.silenceMs) return;
  const results = conversation.heard.filter((each) => isResult(each) && each.index <= silence.index);
  const early = results.filter(({ audio }) => audio.speechMs === 0);
  const first = quiet[0]?.index;
  if (early.length === 0) yield heldBySilence('recognises speech', ...evidence(first, silence.index));
  for (const { index } of early) {
    const expected = `no result in ${Math.round(silenceMs)} ms of silence`;
    yield broken(evidence(first, index), expected, 'a result');
  }
}

function isResult({ message: { kind } }: Heard): boolean {
  return kind === 'partial' || kind === 'final';
}

/** An option of the start command on other pages of the vendor: to get no partials at all. */
function wantsNoPartials({ said }: Conversation): boolean {
  return said.some(({ message }) => message.kind === 'start' && message.fields?.['partial'] === false);
}

/** A5: a partial may grow or change; it is only reported which of the two happens. */
function* grows(conversation: Conversation): Iterable<Occasion> {
  for (const { partials: all } of segmentsOf(conversation).segments) {
    for (const [i, { index, text }] of all.entries()) {
      const before = all[i - 1];
      if (before?.text === undefined || text === undefined) continue;
      const occasion = held(before.index, index);
      if (normalise(text).startsWith(normalise(before.text))) yield occasion;
      else yield { ...occasion, reading: AMBIGUITIES.A5.readings.change };
    }
  }
}
