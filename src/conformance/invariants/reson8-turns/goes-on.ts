import { broken, held, unclear, type Invariant } from '../../judge/invariant.ts';
import { reaches, type Tolerances } from '../../judge/tolerances.ts';
import { firstAfter } from '../../conversation/ordered.ts';
import { MORE_SPEECH_MS } from '../reson8/flushes/flush-buffer.ts';
import { mayBeIdle } from '../reson8/flushes/idle.ts';
import { errorIn } from '../reson8/messages/error-name.ts';
import { sentAudioOf } from '../reson8/transcripts/sound.ts';
import { endsAtFlushes, mayHaveCrossed } from '../shared/crossing.ts';
import { endingOf, OF_SERVICE, type Ending } from '../shared/ending.ts';
import { isWhole } from '../shared/whole.ts';
import { bufferedAt, flushesOf } from './flushes.ts';
import { perTurns, type Turns } from './turns.ts';

/** After a turn or a flush, further speech makes another turn. A server may still end a silent connection. */
export const goesOn: readonly Invariant[] = [
  perTurns('R8-TURN-018', function* (turns, tolerances, play) {
    const marks = marksOf(turns);
    const starts = turns.events.filter(({ is }) => is === 'turn_start');
    for (const mark of marks) {
      const start = firstAfter(starts, mark.index);
      const sound = firstAfter(sentAudioOf(turns), mark.index);
      if (start === undefined || sound === undefined || sound.index > start.index) continue;
      yield held(mark.index, sound.index, start.index);
    }
    const ending = endingOf(turns);
    if (ending === undefined) return;
    const before = marks.filter(({ index }) => index < ending.index);
    // The end may have crossed with a flush, unless this server is known to end connections because of flushes.
    const isCertain = ({ isFlush, atMs }: Mark) =>
      !isFlush || !mayHaveCrossed(atMs, ending.atMs) || endsAtFlushes(play, turns.dialect);
    const certain = before.findLast(isCertain);
    const isBroken = certain !== undefined && isCutShort(turns, certain, ending, tolerances);
    const last = isBroken ? certain : before.at(-1);
    if (last === undefined || !isCutShort(turns, last, ending, tolerances)) return;
    const after = last.isFlush ? 'a flush' : 'turn_end';
    const code = ending.code === undefined ? '' : ` with ${ending.code}`;
    const expected = 'a session that goes on after a turn and after a flush';
    const actual = `the server ended it${code} after ${after}`;
    const events = [last.index, ending.index];
    yield isBroken
      ? broken(events, expected, actual)
      : unclear(events, expected, `${actual}, which it may not have read yet`);
  }),
];

interface Mark {
  readonly index: number;
  readonly atMs: number;
  readonly isFlush: boolean;
}

/** Ends of turns, and flushes that end none. */
function marksOf(turns: Turns): readonly Mark[] {
  const buffered = bufferedAt(turns);
  const ends = turns.events.filter(({ is }) => is === 'turn_end');
  const empty = flushesOf(turns).filter(({ index }) => !buffered.has(index));
  const all = [
    ...ends.map(({ index, event }) => ({ index, atMs: event.atMs, isFlush: false })),
    ...empty.map(({ index, event }) => ({ index, atMs: event.atMs, isFlush: true })),
  ];
  return all.sort((a, b) => a.index - b.index);
}

/** Whether the server ended the connection immediately, or while someone was speaking. */
function isCutShort(turns: Turns, mark: Mark, ending: Ending, tolerances: Tolerances): boolean {
  if (ending.by !== 'server' || OF_SERVICE.includes(ending.code) || !isWhole(turns)) return false;
  if (errorIn(turns) !== undefined) return false;
  const heard = sentAudioOf(turns).filter(({ index }) => index < ending.index);
  const msOf = (all: typeof heard) => all.reduce((sum, { ms = 0 }) => sum + ms, 0);
  if (mayBeIdle(turns, ending, tolerances)) return false;
  const sounds = heard.filter(({ index }) => index > mark.index);
  const speech = sounds.filter(({ content }) => content === 'speech');
  if (msOf(sounds) - msOf(speech) >= tolerances.silenceMs) return false;
  const isAtOnce = !reaches(ending.atMs - mark.atMs, tolerances.controlMs, tolerances);
  const read = speech.filter(({ atMs }) => !mayHaveCrossed(atMs, ending.atMs));
  return isAtOnce || msOf(read) >= MORE_SPEECH_MS;
}
