import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import { BYTES_PER_MS, bursts, fixture, join, silence, tone, wav } from '../../../support/audio.ts';
import type { Received } from '../../../support/clients/client.ts';
import { dictate, microphone, transcribe } from '../../../support/scriptix/scriptix.ts';
import {
  finalsOf,
  heardWords,
  isFinal,
  isResult,
  partialsOf,
  resultsOf,
  segmentsOf,
  violations,
} from '../../../support/scriptix/rules.ts';

const audioMs = (audioBytes: number) => audioBytes / BYTES_PER_MS;
const STEP_MS = 20;

/** Sends audio step by step, each after the server has processed the one before, so that results come when they are due. */
async function inSteps(audio: Uint8Array, options = {}): Promise<readonly Received[]> {
  await using fake = await startMockServer();
  await using client = await microphone(fake, options);
  const stepBytes = STEP_MS * BYTES_PER_MS;
  for (let at = 0; at < audio.length; at += stepBytes) {
    await client.sendAudio(audio.subarray(at, at + stepBytes));
    await client.settled();
  }
  await dictate(client, new Uint8Array());
  return client.messages;
}

/** The parts of results that do not depend on when the audio began. */
const shiftless = (messages: readonly Received[]) =>
  resultsOf(messages).map(({ text, isFinal: final, words, stability }) => ({
    text,
    final,
    words,
    stability,
  }));

describe('the grammar of results holds', () => {
  test.each(['en-appointment.wav', 'en-long.wav', 'nl-afspraak.wav'])('over %s', async (name) => {
    const { pcm, words } = fixture(name);
    const messages = await inSteps(pcm, { query: { language: name.slice(0, 2) } });

    expect(violations({ messages, audioMs })).toEqual([]);
    expect(finalsOf(messages).length).toBeGreaterThanOrEqual(2);
    expect(partialsOf(messages).length).toBeGreaterThanOrEqual(words.length / 2);
  });

  test('over bursts of a loud tone', async () => {
    const messages = await inSteps(bursts(1000, 300, 2500, 900, 400, 1200, 8000, 500, 100, 850, 700));
    expect(violations({ messages, audioMs })).toEqual([]);
    expect(segmentsOf(messages).length).toBeGreaterThanOrEqual(4);
  });

  test('over any audio in frames of any size', async () => {
    await using fake = await startMockServer();
    const stretch = fc.tuple(fc.integer({ min: 10, max: 3000 }), fc.integer({ min: 0, max: 2000 }));

    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1500 }),
        fc.array(stretch, { maxLength: 6 }),
        fc.constantFrom(320, 641, 3200, 65_536),
        async (leadMs, stretches, frameBytes) => {
          const audio = join(silence(leadMs), bursts(...stretches.flat()));
          const { messages } = await transcribe(fake, audio, { frameBytes });
          expect(violations({ messages, audioMs })).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('for any seed', async () => {
    const heard = await Promise.all(
      [0, 1, 2, 3].map(async (seed) => {
        await using fake = await startMockServer({ seed });
        const { messages } = await transcribe(fake, bursts(6000, 1000, 6000));
        expect(violations({ messages, audioMs })).toEqual([]);
        return finalsOf(messages)[0]?.text;
      }),
    );
    expect(new Set(heard).size).toBe(4);
  });

  test('and the same seed and audio give the same bytes', async () => {
    const once = async () => {
      await using fake = await startMockServer({ seed: 7 });
      return (await transcribe(fake, bursts(4000, 1000, 4000))).messages.map(({ text }) => text);
    };
    expect(await once()).toEqual(await once());
  });
});

describe('when results come', () => {
  test('a partial comes for about every 200 ms of speech', async () => {
    const leadMs = 1000;
    const messages = await inSteps(join(silence(leadMs), tone(3000)));
    const atMs = partialsOf(messages).map(({ message }) => audioMs(message.audioBytes));
    const [firstMs = NaN] = atMs;

    expect(firstMs).toBeGreaterThan(leadMs);
    expect(firstMs).toBeLessThanOrEqual(leadMs + 400);

    const gapsMs = atMs.slice(1).map((ms, i) => ms - (atMs[i] ?? NaN));
    expect(gapsMs.length).toBeGreaterThanOrEqual(12);

    for (const gapMs of gapsMs) expect(gapMs).toBeCloseTo(200, -2);
    for (const gapMs of gapsMs) expect(Math.abs(gapMs - 200)).toBeLessThanOrEqual(STEP_MS);
  });

  test.each([
    ['a tone', tone(12_000)],
    ['a recording', fixture('en-long.wav').pcm],
  ])('SX-FIN-017 in %s, a final comes as soon as 15 words have been said', async (_case, audio) => {
    const messages = await inSteps(audio);
    const full = finalsOf(messages).slice(0, -1);

    expect(full.length).toBeGreaterThan(1);

    for (const { words, offsetMs, message } of full) {
      expect(words).toHaveLength(15);
      const saidMs = offsetMs + (words.at(-1)?.[2] ?? NaN);
      expect(audioMs(message.audioBytes) - saidMs).toBeLessThanOrEqual(2 * STEP_MS);
    }
  });

  test('SX-FIN-018 a final comes within 30 s of audio, however few words there are', async () => {
    const sparse = join(...Array.from({ length: 50 }, () => bursts(100, 700)));
    const messages = await inSteps(sparse);
    const [first] = segmentsOf(messages);
    const final = first?.find(({ isFinal: done }) => done);

    expect(final?.words.length).toBeGreaterThan(0);

    const spanMs = audioMs(final?.message.audioBytes ?? NaN) - (final?.offsetMs ?? NaN);
    expect(spanMs).toBeLessThanOrEqual(30_000 + STEP_MS);
    expect(violations({ messages, audioMs })).toEqual([]);
  });

  test('a pause of 800 ms ends a segment; a shorter one does not', async () => {
    for (const pauseMs of [300, 700, 760]) {
      const messages = await inSteps(bursts(1000, pauseMs, 1000));
      expect(finalsOf(messages), `${pauseMs} ms`).toHaveLength(1);
    }
    const long = await inSteps(bursts(1000, 1500, 1000));
    const [first] = finalsOf(long);

    expect(finalsOf(long)).toHaveLength(2);

    const atMs = audioMs(first?.message.audioBytes ?? NaN);
    expect(atMs).toBeGreaterThanOrEqual(1800);
    expect(atMs).toBeLessThanOrEqual(1800 + 2 * STEP_MS);
  });

  test('SX-PART-008 a final always comes after a partial, however little was said before stop', async () => {
    await using fake = await startMockServer();
    const heard = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const { messages } = await transcribe(fake, join(silence(100), tone(STEP_MS * (i + 1))));
        expect(violations({ messages, audioMs })).toEqual([]);
        return resultsOf(messages).length;
      }),
    );

    expect(heard.at(0)).toBe(0);
    expect(heard.at(-1)).toBeGreaterThanOrEqual(2);
  });

  test('SX-PART-013 a word is in partials only after its audio was sent', async () => {
    const { pcm, words } = fixture('en-appointment.wav');
    const messages = await inSteps(pcm);
    const heard = finalsOf(messages).flatMap(({ offsetMs }) => offsetMs);

    expect(heard).toEqual([words[0]?.startMs, words[10]?.startMs]);

    for (const { text, offsetMs, message } of partialsOf(messages)) {
      const first = words.findIndex(({ startMs }) => startMs === offsetMs);
      const last = words[first + text.split(' ').length - 1];
      expect(text).toBe(
        words
          .slice(first, first + text.split(' ').length)
          .map((word) => word.text)
          .join(' '),
      );
      expect(last?.startMs).toBeLessThan(audioMs(message.audioBytes));
    }
  });
});

describe('SX-PART-007 nothing comes of', () => {
  test.each([
    ['the recording of silence', fixture('silence.wav').pcm],
    ['the recording of faint noise', fixture('noise.wav').pcm],
    ['zeros', silence(10_000)],
    ['a tone that can hardly be heard', tone(6000, { amplitude: 0.0005 })],
    ['a WAV header and silence', wav(silence(6000))],
    ['a header alone', wav(new Uint8Array())],
    ['no audio', new Uint8Array()],
  ])('%s', async (_case, audio) => {
    await using fake = await startMockServer();
    const { messages } = await transcribe(fake, audio);

    expect(messages.map(({ text }) => text)).toEqual([
      '{"state":"loading"}',
      '{"state":"listening"}',
      '{"state":"stopped"}',
    ]);
  });

  test('silence after a recording that was cut off, although its transcript continues', async () => {
    const { pcm } = fixture('en-appointment.wav');
    const messages = await inSteps(join(pcm.subarray(0, 800 * BYTES_PER_MS), silence(9000)));
    expect(finalsOf(messages).map(({ text }) => text)).toEqual(['good morning']);

    const last = messages.filter(isResult).at(-1);
    expect(audioMs(last?.audioBytes ?? NaN)).toBeLessThanOrEqual(2000);
  });

  test('silence after a final', async () => {
    const messages = await inSteps(bursts(1000, 10_000));
    const final = finalsOf(messages);

    expect(final).toHaveLength(1);
    expect(messages.filter(isResult).at(-1)).toBe(final[0]?.message);
    expect(audioMs(final[0]?.message.audioBytes ?? NaN)).toBeLessThan(2000);
  });
});

describe('recordings with a transcript give its words and times', () => {
  test.each([
    ['en-appointment.wav', 'pcm'],
    ['en-appointment.wav', 'file'],
    ['en-long.wav', 'pcm'],
    ['nl-afspraak.wav', 'pcm'],
    ['nl-afspraak.wav', 'file'],
  ] as const)('%s sent as %s has its words and their times', async (name, form) => {
    await using fake = await startMockServer();
    const recording = fixture(name);
    const { messages } = await transcribe(fake, recording[form]);

    expect(heardWords(messages)).toEqual(recording.words);
    expect(
      finalsOf(messages)
        .map(({ text }) => text)
        .join(' '),
    ).toBe(recording.text);
    expect(violations({ messages })).toEqual([]);
  });

  test('en-long.wav is cut after 15 and after 30 words, nl-afspraak.wav at its pause', async () => {
    await using fake = await startMockServer();
    const count = async (name: string) =>
      finalsOf((await transcribe(fake, fixture(name).pcm)).messages).map(({ words }) => words.length);

    expect(await count('en-long.wav')).toEqual([15, 15, 6]);
    expect(await count('nl-afspraak.wav')).toEqual([9, 9]);
  });

  test.each([
    ['a recording', fixture('en-appointment.wav').pcm],
    ['a tone', bursts(3000, 1000, 1000)],
  ])(
    'SX-MIC-008 a second of silence before %s delays its times and changes nothing else',
    async (_case, pcm) => {
      await using fake = await startMockServer();
      const plain = await transcribe(fake, pcm, { frameBytes: 640 });
      const late = await transcribe(fake, join(silence(1000), pcm), { frameBytes: 1111 });

      expect(shiftless(late.messages)).toEqual(shiftless(plain.messages));
      expect(resultsOf(late.messages).map(({ offsetMs }) => offsetMs)).toEqual(
        resultsOf(plain.messages).map(({ offsetMs }) => offsetMs + 1000),
      );
    },
  );

  test.each([
    ['the language of another one', { query: { language: 'nl' } }],
    ['no language', {}],
  ])('with %s in the query', async (_case, options) => {
    await using fake = await startMockServer();
    const { pcm, text } = fixture('en-appointment.wav');
    const { messages } = await transcribe(fake, pcm, options);

    expect(
      finalsOf(messages)
        .map((final) => final.text)
        .join(' '),
    ).toBe(text);
  });

  test('even two of them in one session', async () => {
    await using fake = await startMockServer();
    const [first, second] = [fixture('en-appointment.wav'), fixture('nl-afspraak.wav')];
    const { messages } = await transcribe(fake, join(first.pcm, silence(1000), second.pcm));

    expect(violations({ messages, audioMs })).toEqual([]);
    expect(heardWords(messages).slice(0, first.words.length)).toEqual(first.words);
  });
});

describe('sessions', () => {
  test('SX-ISO-001 at the same time each hear their own audio only', async () => {
    await using fake = await startMockServer();
    const recordings = [fixture('en-appointment.wav'), fixture('nl-afspraak.wav')];
    await Promise.all(
      recordings.map(async ({ pcm, words }) => {
        const { messages } = await transcribe(fake, pcm, { frameBytes: 640 });
        expect(heardWords(messages)).toEqual(words);
      }),
    );
  });

  test('SX-FIN-019 name no speakers unless the server is set to', async () => {
    await using fake = await startMockServer();
    const { messages } = await transcribe(fake, tone(10_000));

    expect(messages.filter(isFinal).length).toBeGreaterThan(1);

    for (const { json } of messages) expect(json).not.toHaveProperty('speaker');
  });

  test('SX-FIN-019 have speakers that take turns, in finals only', async () => {
    await using fake = await startMockServer({ speakers: 2 });
    const { messages } = await transcribe(fake, bursts(1500, 900, 1500, 900, 1500, 900, 1500, 900));
    expect(violations({ messages, audioMs })).toEqual([]);

    const speakers = messages.filter(isFinal).map(({ json }) => (json as { speaker: string }).speaker);
    expect(speakers).toHaveLength(4);
    expect(new Set(speakers).size).toBe(2);

    for (const speaker of speakers) expect(speaker).toMatch(/\S/);
    for (const { message } of partialsOf(messages)) expect(message.json).not.toHaveProperty('speaker');
  });
});
