import { undecided, type Broken } from '../harness/broken.ts';
import {
  asksFor,
  heardAs,
  isPartial,
  isReson8Final as isFinal,
  isTranscript,
  numberIn,
  onEach,
  saying,
  sayingOnce,
  taking,
  without,
  withQuery,
} from '../harness/changes.ts';
import type { Asked, Fields, Mutation } from '../harness/mutation.ts';

/** At 16 kHz with one channel. */
const TEN_SECONDS = 320_000;

function silentBytes(audio: Buffer): number {
  return audio.every((byte) => byte === 0) ? audio.length : -Infinity;
}

/** A connection of the probe of formats. */
function asksWith(name: string, value: string, channels = '1') {
  return ({ query }: Asked) => query.get(name) === value && query.get('channels') === channels;
}

const everything = asksFor('timestamps', 'words', 'confidence', 'interim');

function moved(message: Fields, byMs: number): Fields {
  return {
    ...message,
    start_ms: numberIn(message, 'start_ms') - byMs,
    duration_ms: numberIn(message, 'duration_ms') + byMs,
  };
}

/** A text growing word by word. */
function growing(message: Fields): readonly Fields[] {
  const words = String(message['text']).split(' ');
  return [2, 3, words.length].map((count) => ({ ...message, text: words.slice(0, count).join(' ') }));
}

const remembering: Mutation = onEach(everything, () => {
  let isAfterFinal = false;
  return {
    onSaid(message, line) {
      line.say(isAfterFinal && isPartial(message) ? moved(message, 300) : message);
      if (isTranscript(message)) isAfterFinal = isFinal(message);
    },
  };
});

/** Transcripts (S4:80-109). */
export const reson8Transcripts: readonly Broken[] = [
  {
    id: 'R8-TR-001',
    dialect: 'reson8',
    breaks: 'has a text that is not a string in an interim',
    mutation: sayingOnce(2, isPartial, (message) => ({ ...message, text: 5 })),
  },
  {
    id: 'R8-TR-002',
    dialect: 'reson8',
    breaks: 'has is_final as a string in a final',
    mutation: sayingOnce(
      1,
      isFinal,
      (message) => ({ ...message, is_final: 'true' }),
      asksFor('interim', 'confidence'),
    ),
  },
  {
    id: 'R8-TR-003',
    dialect: 'reson8',
    breaks: 'has is_final although interims were not asked for',
    mutation: saying(isTranscript, (message) => ({ ...message, is_final: true }), asksFor('words')),
  },
  {
    id: 'R8-TR-004',
    dialect: 'reson8',
    breaks: 'sends growing texts although interims were not asked for',
    mutation: saying(isTranscript, growing, asksFor('confidence')),
  },
  {
    id: 'R8-TR-005',
    dialect: 'reson8',
    breaks: 'has no duration_ms although times were asked for',
    mutation: saying(isTranscript, (message) => without(message, 'duration_ms'), asksFor('timestamps')),
    unavoidable: [{ id: 'R8-TR-017', why: 'missing times cannot be compared' }],
  },
  {
    id: 'R8-TR-006',
    dialect: 'reson8',
    breaks: 'has times that were not asked for',
    mutation: saying(isTranscript, (message) => ({ ...message, start_ms: 0 }), asksFor('words')),
  },
  {
    id: 'R8-TR-007',
    dialect: 'reson8',
    breaks: 'has no words although they were asked for',
    mutation: saying(isTranscript, (message) => without(message, 'words'), asksFor('words')),
  },
  {
    id: 'R8-TR-008',
    dialect: 'reson8',
    breaks: 'has words that were not asked for',
    mutation: saying(isTranscript, (message) => ({ ...message, words: [] }), asksFor('timestamps')),
  },
  {
    id: 'R8-TR-009',
    dialect: 'reson8',
    breaks: 'begins before the audio',
    mutation: saying(isTranscript, (message) => ({ ...message, start_ms: -10 }), asksFor('timestamps')),
  },
  {
    id: 'R8-TR-010',
    dialect: 'reson8',
    breaks: 'has finals that overlap',
    mutation: sayingOnce(2, isFinal, (message) => moved(message, 300), everything),
  },
  {
    id: 'R8-TR-011',
    dialect: 'reson8',
    breaks: 'sends a final twice',
    mutation: sayingOnce(1, isFinal, (message) => [message, message], everything),
  },
  {
    id: 'R8-TR-011',
    dialect: 'reson8',
    breaks: 'corrects a final afterwards',
    mutation: sayingOnce(
      1,
      isFinal,
      (message) => [message, { ...message, text: `indeed ${String(message['text'])}` }],
      asksFor('timestamps'),
    ),
  },
  {
    id: 'R8-TR-012',
    dialect: 'reson8',
    breaks: 'sends interims without any text',
    mutation: sayingOnce(1, isPartial, (message) => [{ ...message, text: '' }, message], asksFor('interim')),
  },
  {
    id: 'R8-TR-013',
    dialect: 'reson8',
    breaks: 'recognises words in silence',
    mutation: onEach(
      () => true,
      () => ({
        onHeard(message, line) {
          const isSilent = heardAs(message)['id'] === 'silence';
          if (isSilent) line.say({ type: 'transcript', text: 'thank you for watching' });
          line.hear(message);
        },
      }),
    ),
  },
  {
    id: 'R8-TR-013',
    dialect: 'reson8',
    breaks: 'recognises words after ten seconds of silence',
    mutation: onEach(
      () => true,
      () => {
        let heardBytes = 0;
        return {
          onHeard(message, line) {
            const before = heardBytes;
            if (typeof message !== 'string') heardBytes += silentBytes(message);
            if (before < TEN_SECONDS && heardBytes >= TEN_SECONDS) {
              line.say({ type: 'transcript', text: 'thank you for watching' });
            }
            line.hear(message);
          },
        };
      },
    ),
  },
  {
    id: 'R8-TR-014',
    dialect: 'reson8',
    breaks: 'has a transcript that ends a minute after the audio',
    mutation: saying(
      isTranscript,
      (message) => ({ ...message, duration_ms: numberIn(message, 'duration_ms') + 60_000 }),
      asksFor('timestamps'),
    ),
  },
  {
    id: 'R8-TR-014',
    dialect: 'reson8',
    breaks: 'counts the times of its transcripts in samples, and those of words in milliseconds',
    unavoidable: undecided(
      'nothing can be compared with times that are known to be wrong',
      ...['R8-W-008', 'R8-W-010', 'R8-TR-010', 'R8-TR-015', 'R8-TR-017', 'R8-FL-007'],
    ),
    mutation: saying(
      isTranscript,
      (message) => ({
        ...message,
        start_ms: 16 * numberIn(message, 'start_ms'),
        duration_ms: 16 * numberIn(message, 'duration_ms'),
      }),
      asksFor('timestamps'),
    ),
  },
  {
    id: 'R8-TR-015',
    dialect: 'reson8',
    breaks: 'has an interim that goes back before the preceding final',
    mutation: remembering,
  },
  {
    id: 'R8-TR-017',
    dialect: 'reson8',
    breaks: 'takes 8 kHz for 16 kHz, so that everything is said in half the time',
    mutation: taking(asksWith('sample_rate', '8000'), (asked) => withQuery(asked, { sample_rate: '16000' })),
  },
  {
    id: 'R8-TR-017',
    dialect: 'reson8',
    breaks: 'takes one channel for two, so that everything is said in half the time',
    mutation: taking(asksWith('sample_rate', '16000', '1'), (asked) => withQuery(asked, { channels: '2' })),
  },
];
