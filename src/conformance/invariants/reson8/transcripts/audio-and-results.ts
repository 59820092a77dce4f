import { broken, heldBySilence, heldIf, type Invariant } from '../../../judge/invariant.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { shown } from '../../../text/shown.ts';
import { perRealtime } from '../realtime.ts';
import { sentAudioOf, type SentAudio } from './sound.ts';

/** The relation of results to the audio that was sent. */
export const audioAndResults: readonly Invariant[] = [
  perRealtime('R8-TR-013', function* (realtime, { silenceMs }) {
    // A later result may be a delayed one about speech, so only a silent beginning is judged (A26).
    const { silent, endsAt } = silentBeginning(realtime);
    const first = silent[0];
    const last = silent.at(-1);
    const lengthMs = silent.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
    if (first === undefined || last === undefined || lengthMs < silenceMs) return;
    const stray = realtime.transcripts.find(({ index, saysSomething }) => saysSomething && index < endsAt);
    if (stray === undefined) yield heldBySilence('recognises speech', first.index, last.index);
    else {
      const actual = `${shown(stray.text)} after ${Math.round(stray.audio.ms ?? 0)} ms of silence`;
      yield broken([first.index, stray.index], 'no transcript of silence', actual);
    }
  }),
  perRealtime('R8-TR-014', function* ({ transcripts }, { audioMs }) {
    for (const { index, span, audio } of transcripts) {
      const { ms: sentMs } = audio;
      if (span === undefined || sentMs === undefined) continue;
      const expected = `an end within the ${Math.round(sentMs)} ms that were sent, give or take ${audioMs} ms`;
      const actual = () => `start_ms + duration_ms: ${span.endMs}`;
      yield heldIf(span.endMs <= sentMs + audioMs, [index], expected, actual);
    }
  }),
];

/** The audio at the beginning that is known to be silence, and where it ends. */
export function silentBeginning(conversation: Conversation): {
  silent: readonly SentAudio[];
  endsAt: number;
} {
  const sounds = sentAudioOf(conversation);
  const end = sounds.findIndex(({ content, ms }) => content !== 'silence' || ms === undefined);
  const silent = end < 0 ? sounds : sounds.slice(0, end);
  return { silent, endsAt: sounds[silent.length]?.index ?? Infinity };
}
