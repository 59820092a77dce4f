import { countUntil, firstAfter, lastBefore } from '../../conversation/ordered.ts';
import { derived } from '../../conversation/derived.ts';
import type { Said } from '../../conversation/conversation.ts';
import {
  awaiting,
  blaming,
  broken,
  held,
  heldBySilence,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../judge/invariant.ts';
import { reaches, type Tolerances } from '../../judge/tolerances.ts';
import { MORE_SPEECH_MS, SPEECH_MS } from '../reson8/flushes/flush-buffer.ts';
import { isError } from '../reson8/messages/error-name.ts';
import { sentAudioOf } from '../reson8/transcripts/sound.ts';
import { endsAtFlushes, mayHaveCrossed } from '../shared/crossing.ts';
import { endingOf, lastMsOf } from '../shared/ending.ts';
import { isWhole } from '../shared/whole.ts';
import { MISTAKES, perTurns, type Turns } from './turns.ts';

/** A flush ends the turn of what was said before it. With nothing buffered it need not be answered. */
export const flushes: readonly Invariant[] = [
  perTurns('R8-TURN-015', function* (turns, _tolerances, play) {
    if (!isWhole(turns)) return;
    for (const request of flushesOf(turns)) yield* answered(request, turns, play);
  }),
];

/** The flush requests of a connection. */
export const flushesOf = derived(({ said }: Turns): readonly Said[] =>
  said.filter(({ message }) => message.kind === 'flush'),
);

const endsOf = derived(({ events }: Turns) => events.filter(({ is }) => is === 'turn_end'));

const errorsOf = derived(({ heard }: Turns) => heard.filter(({ message }) => isError(message)));

function* answered(request: Said, turns: Turns, play: Play): Iterable<Occasion> {
  if (bufferedAt(turns).get(request.index) === undefined) return;
  const ends = endsOf(turns);
  const end = firstAfter(ends, request.index);
  const candidate = lastBefore(turns.candidates, end?.index ?? Infinity);
  if (end !== undefined) {
    // An end without a candidate is covered by R8-TURN-006.
    if (candidate === undefined) return;
    const events = [request.index, candidate.index, end.index];
    // It may have no words (LK), unless the server never sends words.
    yield candidate.saysSomething ? held(...events) : heldBySilence('recognises speech', ...events);
    return;
  }
  const ending = endingOf(turns);
  if (!isLeftOpen(request, turns, play.tolerances)) return;
  const until = ending?.index ?? turns.moments.at(-1)?.index ?? request.index;
  const events = [request.index, ...(ending === undefined ? [] : [ending.index])];
  const expected = 'a candidate and turn_end for what was said before the flush';
  const how = ending?.by === 'server' ? 'the server ended the connection' : 'the connection went on';
  const isNew = candidate !== undefined && candidate.index > request.index;
  const actual = `${isNew ? 'a candidate alone' : 'neither'}, and ${how}`;
  const isCrossed = ending?.by === 'server' && mayHaveCrossed(request.event.atMs, ending.atMs);
  if (isCrossed && !endsAtFlushes(play, turns.dialect)) {
    yield unclear(events, expected, `${actual}, perhaps before it read the flush`);
    return;
  }
  const hasFailed = firstAfter(errorsOf(turns), request.index) !== undefined;
  const mistake = ends.length === 0 && turns.events.length > 0 ? MISTAKES.endless : undefined;
  yield hasFailed
    ? unclear(events, expected, 'an error')
    : madeBy(mistake, awaiting(blaming(broken(events, expected, actual)), [request.index, until]));
}

/** Whether the server could have answered: the client waited, or the server ended the connection. */
function isLeftOpen({ index, event }: Said, turns: Turns, tolerances: Tolerances): boolean {
  const ending = endingOf(turns);
  if (ending !== undefined && ending.index < index) return false;
  if (ending?.by === 'server') return true;
  return reaches((ending?.atMs ?? lastMsOf(turns)) - event.atMs, tolerances.controlMs, tolerances);
}

/**
 * What is buffered at each flush, by its place: `turn`, if the server has reported one, or `speech`, if enough was sent
 * since the last turn or flush that it must contain words. Other flushes are left out, since only the server knows.
 */
export const bufferedAt = derived((turns: Turns): ReadonlyMap<number, 'turn' | 'speech'> => {
  const speech = new Map(
    sentAudioOf(turns).map(({ index, content, ms }) => [index, content === 'speech' ? ms : 0]),
  );
  const found = new Map<number, 'turn' | 'speech'>();
  const requests = new Set(flushesOf(turns).map(({ index }) => index));
  let speechMs = 0;
  let enoughMs = SPEECH_MS;
  for (const { index } of turns.moments) {
    speechMs += speech.get(index) ?? 0;
    const last = turns.events[countUntil(turns.events, index, (event) => event.index) - 1];
    const isOpen = last !== undefined && last.is !== 'turn_end';
    if (requests.has(index)) {
      if (isOpen) found.set(index, 'turn');
      else if (speechMs >= enoughMs) found.set(index, 'speech');
    }
    const isEnd = last?.is === 'turn_end' && last.index === index;
    if (requests.has(index) || isEnd) [speechMs, enoughMs] = [0, MORE_SPEECH_MS];
  }
  return found;
});
