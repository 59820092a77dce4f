import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import type { IncludeFlags } from '../../../../src/protocol/reson8/handshake.ts';
import {
  transcriptSchema,
  type ServerMessage,
  type Transcript,
} from '../../../../src/protocol/reson8/messages.ts';
import { bursts, fixture, join, silence } from '../../../support/audio.ts';
import {
  COMBINATIONS,
  endOf,
  EVERYTHING,
  finalsOf,
  recognise,
  transcriptsOf,
} from '../../../support/reson8.ts';

/** Three segments of speech, the last of which only a flush ends. */
const SPEECH = join(silence(400), bursts(1500, 1100, 2600, 1100, 900));
/** A window of the audio clock. */
const WINDOW_MS = 20;

let fake: MockServer;
let endpoint: string;
beforeAll(async () => {
  fake = await startMockServer();
  endpoint = fake.urls.reson8.realtime;
});
afterAll(() => fake.stop());

describe('transcripts', () => {
  it.each(COMBINATIONS)('have exactly the documented fields with $name', async ({ query, flags }) => {
    const values = await recognise(endpoint, query, SPEECH);
    const times = flags.include_timestamps ? ['start_ms', 'duration_ms'] : [];
    const transcripts = transcriptsOf(values);

    expect(finalsOf(values)).toHaveLength(3);

    for (const [i, transcript] of transcripts.entries()) {
      transcriptSchema(flags).parse(values[i]);
      expect(Object.keys(values[i] as object)).toEqual([
        'type',
        'text',
        ...(flags.include_interim ? ['is_final'] : []),
        ...times,
        ...(flags.include_words ? ['words'] : []),
      ]);
      expect(transcript.text).toMatch(/^\S+( \S+)*$/);
      for (const word of transcript.words ?? []) {
        expect(Object.keys(word)).toEqual([
          'text',
          ...times,
          ...(flags.include_confidence ? ['confidence'] : []),
        ]);
      }
      if (flags.include_words) expect(transcript.words).not.toEqual([]);
    }
    const interims = transcripts.length - 3;
    if (flags.include_interim) expect(interims).toBeGreaterThan(10);
    else expect(interims).toBe(0);
  });

  it('have the same words and times whatever the flags leave out', async () => {
    const all = await recognise(endpoint, EVERYTHING, SPEECH);
    const expected = (flags: IncludeFlags) =>
      all
        .filter((value) => flags.include_interim || (value as Transcript).is_final !== false)
        .map((value) => without(flags, value as ServerMessage));
    await Promise.all(
      COMBINATIONS.map(async ({ query, flags }) => {
        expect(await recognise(endpoint, query, SPEECH)).toEqual(expected(flags));
      }),
    );
  });

  it('have only type and text without flags, once for each segment', async () => {
    const values = await recognise(endpoint, '', SPEECH);
    expect(values.map((value) => Object.keys(value as object))).toEqual([
      ['type', 'text'],
      ['type', 'text'],
      ['type', 'text'],
      ['type', 'id'],
    ]);
  });

  it.each([
    { name: 'bursts', audio: SPEECH },
    { name: 'a long speech without a pause', audio: bursts(40_000) },
    { name: 'a recording', audio: fixture('en-long.wav').file },
    { name: 'noise', audio: fixture('noise.wav').file },
  ])('of $name have ordered times inside the audio', async ({ audio }) => {
    const values = await recognise(endpoint, EVERYTHING, audio);
    const transcripts = transcriptsOf(values);
    const finals = finalsOf(values);
    const audioMs = audio.length / 32;
    let finalisedMs = 0;
    for (const transcript of transcripts) {
      const { text, is_final, start_ms = NaN, duration_ms = NaN, words = [] } = transcript;
      // R8-TR-009, -010, -014 and -015: nothing before the end of the last final, nothing beyond the audio sent so far.
      expect(start_ms).toBeGreaterThanOrEqual(finalisedMs);
      expect(duration_ms).toBeGreaterThanOrEqual(0);
      expect(endOf(transcript)).toBeLessThanOrEqual(audioMs + WINDOW_MS);
      // R8-W-006 to -010.
      expect(words.map((word) => word.text).join(' ')).toBe(text);
      let wordFromMs = start_ms;
      for (const word of words) {
        expect(word.start_ms).toBeGreaterThanOrEqual(wordFromMs);
        expect(word.duration_ms).toBeGreaterThanOrEqual(0);
        expect(word.confidence).toBeGreaterThanOrEqual(0);
        expect(word.confidence).toBeLessThanOrEqual(1);
        wordFromMs = endOf(word);
      }
      expect(wordFromMs).toBeLessThanOrEqual(endOf(transcript));
      expect(words.length).toBeLessThanOrEqual(15);
      expect(duration_ms).toBeLessThanOrEqual(30_000 + WINDOW_MS);
      if (is_final === true) finalisedMs = endOf(transcript);
    }

    // R8-TR-011: no final twice.
    expect(new Set(finals.map(({ start_ms }) => start_ms)).size).toBe(finals.length);

    // 40 s of speech are cut even without a pause.
    if (audioMs >= 40_000) expect(finals.length).toBeGreaterThan(3);
  });

  it('have interims that come before their final and grow into it', async () => {
    const values = await recognise(endpoint, EVERYTHING, SPEECH);
    let interims: Transcript[] = [];
    const counts: number[] = [];
    for (const transcript of transcriptsOf(values)) {
      if (transcript.is_final === false) interims.push(transcript);
      else {
        counts.push(interims.length);
        for (const interim of interims) {
          expect(transcript.text.startsWith(interim.text)).toBe(true);
          expect(interim.start_ms).toBe(transcript.start_ms);
        }
        interims = [];
      }
    }

    // One for every 200 ms of 1500, 2600 and 900 ms.
    expect(counts).toEqual([7, 13, 4]);
    expect(interims).toEqual([]);
  });

  it.each(['en-appointment', 'nl-afspraak'])('of the recording %s have its words and times', async (name) => {
    const { file, words, text } = fixture(`${name}.wav`);
    const values = await recognise(endpoint, EVERYTHING, file);
    const finals = finalsOf(values);

    expect(finals.map((final) => final.text).join(' ')).toBe(text);

    const heard = finals.flatMap((final) => final.words ?? []);
    for (const [i, word] of heard.entries()) {
      expect(Math.abs((word.start_ms ?? NaN) - (words[i]?.startMs ?? NaN))).toBeLessThanOrEqual(WINDOW_MS);
      expect(Math.abs(endOf(word) - (words[i]?.endMs ?? NaN))).toBeLessThanOrEqual(WINDOW_MS);
    }
  });

  it.each([
    { name: 'digital silence', audio: silence(6000) },
    { name: 'a silent room', audio: fixture('silence.wav').file },
  ])('never come for $name', async ({ audio }) => {
    expect(await recognise(endpoint, EVERYTHING, audio)).toEqual([{ type: 'flush_confirmation', id: 'end' }]);
  });

  it('are about the audio of their own connection only', async () => {
    const audios = [bursts(1200, 1000), bursts(2500, 1000), silence(3000), SPEECH];
    const alone: unknown[] = [];
    for (const audio of audios) alone.push(await recognise(endpoint, EVERYTHING, audio));
    const together = await Promise.all(audios.map((audio) => recognise(endpoint, EVERYTHING, audio)));

    expect(together).toEqual(alone);
  });

  it('have the right times after a minute of silence', async () => {
    const audio = join(bursts(1000, 61_000, 1000, 1000));
    const [first, second] = finalsOf(await recognise(endpoint, EVERYTHING, audio));

    expect(first).toMatchObject({ start_ms: 0, duration_ms: 1000 });
    expect(second).toMatchObject({ start_ms: 62_000, duration_ms: 1000 });
  });
});

/** What a message to a connection with all flags would be on one with these flags. */
function without(flags: IncludeFlags, message: ServerMessage): unknown {
  if (message.type === 'flush_confirmation') return message;
  const { type, text, is_final, start_ms, duration_ms, words } = message;
  const times = flags.include_timestamps ? { start_ms, duration_ms } : {};
  return {
    type,
    text,
    ...(flags.include_interim ? { is_final } : {}),
    ...times,
    ...(flags.include_words
      ? {
          words: words?.map((word) => ({
            text: word.text,
            ...(flags.include_timestamps ? { start_ms: word.start_ms, duration_ms: word.duration_ms } : {}),
            ...(flags.include_confidence ? { confidence: word.confidence } : {}),
          })),
        }
      : {}),
  };
}
