import { serverLeavingOf } from '../../shared/ending.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import {
  awaiting,
  broken,
  held,
  heldIf,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { wordsOf } from '../../../text/normalise.ts';
import { perConnection, perMicrophone } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';
import { isWhole } from '../../shared/whole.ts';
import { allOf, segmentsOf, type Segment } from './segments.ts';
import { spanOf } from '../finals/words.ts';

/**
 * A segment becomes final after about 15 words or 30 s (S0:56). Earlier is always fine; lateness is judged once more
 * words were said, or more audio was sent, than one segment may hold (A8).
 */
export const segmentLength: readonly Invariant[] = [
  perConnection('SX-FIN-017', byWords),
  perMicrophone('SX-FIN-018', byTime),
];

function* byWords(conversation: Conversation, { tolerances }: Play): Iterable<Occasion> {
  const most = tolerances.segmentWords;
  const counted = segmentsOf(conversation).segments.map(countWords);
  if (counted.reduce((sum, { count }) => sum + count, 0) <= most) return;
  for (const { segment, count } of counted) {
    const all = allOf(segment);
    const last = all.findLast(({ text }) => wordsOf(text ?? '').length === count);
    const long = count > most ? last : all.at(-1);
    yield heldIf(
      count <= most,
      evidence(all[0]?.index, long?.index),
      `a final after about 15 words, at most ${most}`,
      () => `${count} words in one segment`,
    );
  }
}

function countWords(segment: Segment) {
  const counts = allOf(segment).map(({ text }) => wordsOf(text ?? '').length);
  return { segment, count: counts.reduce((most, each) => Math.max(most, each), 0) };
}

function* byTime(conversation: Conversation, { tolerances }: Play): Iterable<Occasion> {
  const most = tolerances.segmentMs;
  const { audio } = conversation.moments.at(-1) ?? {};
  if (!isWhole(conversation) || audio === undefined || (audio.speechMs ?? 0) < most) return;
  const expected = `a final after about 30 s of audio, at most ${most} ms`;
  const { segments } = segmentsOf(conversation);
  for (const segment of segments) {
    const late = lateIn(segment, most);
    if (late !== undefined) {
      const finding = broken(late.events, expected, `${Math.round(late.ms)} ms in one segment`);
      yield awaiting(finding, [late.events[0] ?? 0, late.events.at(-1) ?? 0]);
    } else if (segment.final !== undefined) yield held(segment.final.index);
  }
  const last = segments.at(-1)?.partials.at(-1);
  const end = serverLeavingOf(conversation);
  // When the server ends the connection by itself, all audio has been processed.
  if (last !== undefined && end !== undefined && segments.every(({ final }) => final === undefined)) {
    if (segments.every((each) => lateIn(each, most) === undefined)) {
      const actual = `no final in ${Math.round(audio.speechMs ?? 0)} ms`;
      const finding = broken(evidence(last.index, end.index), expected, actual);
      yield awaiting(finding, [conversation.moments[0]?.index ?? 0, end.index]);
    }
  }
}

/**
 * Whether its words take too long, or too much audio was sent between its first and its last result, also in terms of
 * time: if audio is sent faster than real time, it is unknown how much was processed.
 */
function lateIn(segment: Segment, most: number): { events: readonly number[]; ms: number } | undefined {
  const { final } = segment;
  const span = final === undefined ? undefined : spanOf(final);
  if (final !== undefined && span !== undefined && span.endMs - span.startMs > most) {
    return { events: [final.index], ms: span.endMs - span.startMs };
  }
  const all = allOf(segment);
  const [first, last] = [all[0], all.at(-1)];
  if (first?.audio.ms === undefined || last?.audio.ms === undefined) return undefined;
  const ms = Math.min(last.atMs - first.atMs, last.audio.ms - first.audio.ms);
  return ms > most ? { events: evidence(first.index, last.index), ms } : undefined;
}
