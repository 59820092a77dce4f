import { broken, heldBySilence, type Invariant } from '../../judge/invariant.ts';
import { silentBeginning } from '../reson8/transcripts/audio-and-results.ts';
import { foreignWords } from '../shared/foreign-words.ts';
import { perTurns, turnConversationsOf } from './turns.ts';

/** Turns are made of the audio of their own connection, and not of silence. */
export const audioAndTurns: readonly Invariant[] = [
  perTurns('R8-TURN-016', function* (turns, { silenceMs }) {
    // A later turn may be a delayed one about speech, so only a silent beginning is judged (A26).
    const { silent, endsAt } = silentBeginning(turns);
    const [first] = silent;
    const last = silent.at(-1);
    const lengthMs = silent.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
    if (first === undefined || last === undefined || lengthMs < silenceMs) return;
    // A flush may be answered by a turn without words.
    const flush = turns.said.find(({ message }) => message.kind === 'flush')?.index ?? Infinity;
    const word = turns.candidates.find(({ index, saysSomething }) => saysSomething && index < endsAt);
    const until = word === undefined ? Math.min(endsAt, flush) : endsAt;
    const stray = turns.events.find(({ index }) => index < until);
    if (stray === undefined) yield heldBySilence('recognises speech', first.index, last.index);
    else {
      const actual = `${stray.is} after ${Math.round(stray.audio.ms ?? 0)} ms of silence`;
      yield broken([first.index, stray.index], 'no turn of silence', actual);
    }
  }),
  {
    id: 'R8-TURN-019',
    judge: (play) =>
      foreignWords(
        play,
        turnConversationsOf(play).map((turns) => ({ conversation: turns, results: turns.candidates })),
      ),
  },
];
