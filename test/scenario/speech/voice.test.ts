import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Onset } from '../../../src/audio/onset.ts';
import { loadSentences, type Sentences } from '../../../src/generate/utterances.ts';
import type { Voice } from '../../../src/scenario/script.ts';
import type { Transcript } from '../../../src/scenario/speech/transcripts.ts';
import { makeVoice } from '../../../src/scenario/speech/voice.ts';

const KNOWN: Transcript = {
  language: 'en',
  text: 'Good morning to you.',
  durationMs: 2000,
  onset: { id: '00000000000000aa', atMs: 200 },
  words: [
    { text: 'good', startMs: 300, endMs: 520 },
    { text: 'morning', startMs: 540, endMs: 980 },
    { text: 'to', startMs: 980, endMs: 1100 },
    { text: 'you', startMs: 1100, endMs: 1400 },
  ],
};
const TRANSCRIPTS = new Map([[KNOWN.onset.id, KNOWN]]);

let sentences: Sentences;
beforeAll(async () => {
  sentences = await loadSentences('en');
});

const voiceOf = (seed = 1, transcripts: ReadonlyMap<string, Transcript> = TRANSCRIPTS): Voice =>
  makeVoice({ seed, sentences, transcripts });
const onset = (id: string, atMs = 0): Onset => ({ id, atMs, knownAtMs: atMs + 80 });
const onsetIds = fc.stringMatching(/^[0-9a-f]{16}$/);

test('a known recording has its transcript, shifted by as much as its sound begins later', () => {
  const voice = voiceOf();
  const heard = [0, 1, 2, 3].map((index) => voice(onset(KNOWN.onset.id, 450.4), index));

  expect(heard).toMatchObject([
    { kind: 'timed', text: 'good', startMs: 550, endMs: 770 },
    { kind: 'timed', text: 'morning', startMs: 790, endMs: 1230 },
    { kind: 'timed', text: 'to', startMs: 1230, endMs: 1350 },
    { kind: 'timed', text: 'you', startMs: 1350, endMs: 1650 },
  ]);
});

test('a recording without its leading silence has its words earlier, but none before the audio', () => {
  const longWait: Transcript = { ...KNOWN, onset: { ...KNOWN.onset, atMs: 700 } };
  const voice = voiceOf(1, new Map([[KNOWN.onset.id, longWait]]));
  const heard = [0, 1, 2, 3].map((index) => voice(onset(KNOWN.onset.id, 0), index));

  expect(heard).toMatchObject([
    { startMs: 0, endMs: 0 },
    { startMs: 0, endMs: 280 },
    { startMs: 280, endMs: 400 },
    { startMs: 400, endMs: 700 },
  ]);
});

test('after the transcript the words are made up', () => {
  const voice = voiceOf();
  const strange = onset(KNOWN.onset.id);
  const after = Array.from({ length: 30 }, (_, i) => voice(strange, KNOWN.words.length + i));

  expect(after.every(({ kind }) => kind === 'paced')).toBe(true);

  // They begin with the first word of a sentence, as if there had been no transcript.
  const without = voiceOf(1, new Map());
  expect(after.map(({ text }) => text)).toEqual(after.map((_, i) => without(strange, i).text));
});

test('made-up words are whole sentences, one after the other', () => {
  const asked: [number, number][] = [];
  const spied: Sentences = (seed, index) => {
    asked.push([seed, index]);
    return sentences(seed, index);
  };
  const voice = makeVoice({ seed: 1, sentences: spied, transcripts: TRANSCRIPTS });
  const heard = Array.from({ length: 200 }, (_, index) => voice(onset('ff'), index).text);
  const [seed = 0] = asked[0] ?? [];
  const expected = Array.from({ length: 40 }, (_, index) => sentences(seed, index)).flat();

  expect(heard).toEqual(expected.slice(0, 200));
});

test('each sentence is generated about once when words are asked for in order, for 1,000 onsets in turn and for one', () => {
  let made = 0;
  const counted: Sentences = (seed, index) => {
    made += 1;
    return sentences(seed, index);
  };
  const many = makeVoice({ seed: 1, sentences: counted, transcripts: TRANSCRIPTS });
  for (let index = 0; index < 150; index++) {
    for (let client = 0; client < 1000; client++) many(onset(`onset ${client}`), index);
  }

  expect(made / 1000).toBeLessThan(150 / 6 + 1);

  // The same audio on every connection, each half a minute behind the one before.
  made = 0;
  const shared = makeVoice({ seed: 1, sentences: counted, transcripts: TRANSCRIPTS });
  const clients = 20;
  for (let turn = 0; turn < 4000; turn++) {
    for (let client = 0; client < clients; client++) {
      const index = turn - client * 80;
      if (index >= 0) shared(onset('shared'), index);
    }
  }

  expect(made).toBeLessThan((clients * 4000) / 6 + 1);
});

test('the memory of sentences has a limit, and forgotten ones are generated again identically', () => {
  let made = 0;
  const counted: Sentences = (seed, index) => {
    made += 1;
    return sentences(seed, index);
  };
  const voice = makeVoice({ seed: 1, sentences: counted, transcripts: TRANSCRIPTS });
  const first = Array.from({ length: 100 }, (_, index) => voice(onset('first'), index));
  made = 0;

  expect(voice(onset('first'), 99)).toEqual(first[99]);
  expect(made).toBe(0);

  for (let client = 0; client < 10_000; client++) voice(onset(`onset ${client}`), 0);
  made = 0;
  expect(voice(onset('first'), 99)).toEqual(first[99]);
  expect(made).toBeGreaterThan(0);
  expect(Array.from({ length: 100 }, (_, index) => voice(onset('first'), index))).toEqual(first);
});

test('a generator of sentences without words is refused rather than asked forever', () => {
  const voice = makeVoice({ seed: 1, sentences: () => [], transcripts: TRANSCRIPTS });
  expect(() => voice(onset('ff'), 0)).toThrow(RangeError);
});

test('different audio and different seeds give different words', () => {
  const said = (voice: Voice, id: string) =>
    Array.from({ length: 20 }, (_, index) => voice(onset(id), index).text).join(' ');
  const heard = [
    said(voiceOf(1), 'aa'),
    said(voiceOf(1), 'ab'),
    said(voiceOf(2), 'aa'),
    said(voiceOf(2), 'ab'),
  ];

  expect(new Set(heard).size).toBe(4);
});

test('made-up words do not depend on where the sound begins', () => {
  const voice = voiceOf();
  expect(voice(onset('ab', 1234.5), 17)).toEqual(voice(onset('ab', 0), 17));
});

test('any word is the same however often and in whatever order it is asked for', () => {
  const used = voiceOf(9);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(onsetIds, fc.constantFrom('aa', KNOWN.onset.id)), fc.nat({ max: 700 })), {
        minLength: 1,
        maxLength: 12,
      }),
      (questions) => {
        for (const [id, index] of questions) {
          expect(used(onset(id), index)).toEqual(voiceOf(9)(onset(id), index));
        }
      },
    ),
  );
});

test('every utterance is within its limits', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.oneof(onsetIds, fc.constant(KNOWN.onset.id)),
      fc.double({ min: 0, max: 5000, noNaN: true }),
      fc.nat({ max: 300 }),
      (seed, id, atMs, index) => {
        const heard = voiceOf(seed)(onset(id, atMs), index);

        expect(heard.text).toMatch(/^\S+$/);
        expect(heard.confidence).toBeGreaterThanOrEqual(0.8);
        expect(heard.confidence).toBeLessThanOrEqual(0.99);
        if (heard.kind === 'paced') {
          expect(Number.isInteger(heard.spokenMs)).toBe(true);
          expect(heard.spokenMs).toBeGreaterThanOrEqual(120);
          expect(heard.spokenMs).toBeLessThanOrEqual(900);
        } else {
          expect(Number.isInteger(heard.startMs) && Number.isInteger(heard.endMs)).toBe(true);
          expect(heard.startMs).toBeGreaterThanOrEqual(0);
          expect(heard.endMs).toBeGreaterThanOrEqual(heard.startMs);
        }
      },
    ),
  );
});

test('known words keep their order wherever the sound begins', () => {
  const words = fc.array(fc.tuple(fc.double({ min: 0, max: 3000, noNaN: true }), fc.nat({ max: 500 })), {
    minLength: 2,
    maxLength: 20,
  });
  fc.assert(
    fc.property(words, fc.double({ min: 0, max: 3000, noNaN: true }), (times, atMs) => {
      const known: Transcript = {
        ...KNOWN,
        onset: { ...KNOWN.onset, atMs: 1500.25 },
        words: times
          .map(([startMs, lastsMs]) => ({ text: 'so', startMs, endMs: startMs + lastsMs }))
          .sort((a, b) => a.startMs - b.startMs),
      };
      const voice = voiceOf(1, new Map([[KNOWN.onset.id, known]]));
      let earliestMs = 0;
      for (const index of known.words.keys()) {
        const heard = voice(onset(KNOWN.onset.id, atMs), index);
        if (heard.kind !== 'timed') throw new Error('expected a known word');
        expect(heard.startMs).toBeGreaterThanOrEqual(earliestMs);
        earliestMs = heard.startMs;
      }
    }),
  );
});
