import { mkdir, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer, type MockServer } from '../../../src/index.ts';
import { fixture, fixtureFile, join, silence, tone, wav } from '../../support/audio.ts';
import { ask } from '../../support/clients/ask.ts';
import { folder, type Folder } from '../../support/programs/folder.ts';
import { finalsOf, flush, confirmation, dial, EVERYTHING, KEY, recognise } from '../../support/reson8.ts';
import { finalsOf as scriptixFinalsOf } from '../../support/scriptix/rules.ts';
import { transcribe } from '../../support/scriptix/scriptix.ts';

/** Samples of a bundled recording, from -1 to 1. */
function samplesOf(name: string): Float64Array {
  const { pcm } = fixture(name);
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.length);
  return Float64Array.from({ length: pcm.length / 2 }, (_, i) => view.getInt16(2 * i, true) / 32_768);
}

/** The samples at another rate, by linear interpolation, as a browser may do it. */
function resampled(samples: Float64Array, from: number, to: number): Float64Array {
  return Float64Array.from({ length: Math.floor((samples.length * to) / from) }, (_, i) => {
    const at = (i * from) / to;
    const low = Math.floor(at);
    return (samples[low] ?? 0) * (1 - at + low) + (samples[low + 1] ?? 0) * (at - low);
  });
}

function pcmOf(samples: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, i) =>
    view.setInt16(2 * i, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true),
  );
  return new Uint8Array(view.buffer);
}

/** Noise that is the same each time. */
function noisy(samples: Float64Array, level: number): Float64Array {
  let state = 1;
  return samples.map((sample) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return sample + (state / 2 ** 31) * level;
  });
}

const EN = samplesOf('en-appointment.wav');
const NL = samplesOf('nl-afspraak.wav');
const LONG = samplesOf('en-long.wav');
const TEXTS = new Map(
  (['en-appointment.wav', 'nl-afspraak.wav', 'en-long.wav'] as const).map(
    (name) => [name, fixture(name)] as const,
  ),
);

let place: Folder;
let fake: MockServer;
beforeAll(async () => {
  place = await folder();
  await mkdir(place.path('own'));
  // With words of their own, which show that they are not taken for the bundled ones.
  for (const [name, { file, words }] of TEXTS) {
    await writeFile(place.path(`own/${name}`), file);
    const own = words.map((word) => ({ ...word, text: word.text.toUpperCase() }));
    await writeFile(place.path(`own/${name}.json`), JSON.stringify({ words: own }));
  }
  fake = await startMockServer({ recordings: [place.path('own')] });
});
afterAll(async () => {
  await fake.stop();
  await place[Symbol.asyncDispose]();
});

interface Said {
  readonly text: string;
  readonly startMs: number;
}

async function heard(pcm: Uint8Array, query = '', frameBytes?: number): Promise<readonly Said[]> {
  const values = await recognise(fake.urls.reson8.realtime, `${EVERYTHING}&${query}`, pcm, frameBytes);
  return finalsOf(values).flatMap(({ words = [] }) =>
    words.map(({ text, start_ms: startMs = NaN }) => ({ text, startMs })),
  );
}

/** Expects the words of a recording from some time on, within 40 ms of their times. */
function expectWords(said: readonly Said[], name: string, fromMs = 0, laterMs = 0): void {
  const words = (TEXTS.get(name as never)?.words ?? []).filter(({ endMs }) => endMs > fromMs);
  expect(said.map(({ text }) => text)).toEqual(words.map(({ text }) => text.toUpperCase()));
  words.forEach(({ startMs }, i) => {
    expect(Math.abs((said[i]?.startMs ?? NaN) - (startMs + laterMs))).toBeLessThanOrEqual(40);
  });
}

describe('a recording is known by its sound', () => {
  it.each([
    ['quieter', 'en-appointment.wav', EN.map((sample) => sample * 0.3)],
    ['a little louder', 'nl-afspraak.wav', NL.map((sample) => sample * 1.3)],
    ['with noise', 'en-appointment.wav', noisy(EN, 0.004)],
    [
      'quieter and with noise',
      'en-long.wav',
      noisy(
        LONG.map((sample) => sample * 0.5),
        0.002,
      ),
    ],
    ['by way of 8 kHz', 'nl-afspraak.wav', resampled(resampled(NL, 16_000, 8000), 8000, 16_000)],
    ['by way of 44.1 kHz', 'en-long.wav', resampled(resampled(LONG, 16_000, 44_100), 44_100, 16_000)],
  ])('%s', async (_how, name, samples) => {
    expectWords(await heard(pcmOf(samples)), name);
  });

  it.each([8000, 22_050, 48_000])('at %i Hz', async (rate) => {
    expectWords(
      await heard(wav(pcmOf(resampled(EN, 16_000, rate)), { sampleRate: rate })),
      'en-appointment.wav',
    );
  });

  it('in two channels of which one is quieter', async () => {
    const both = Float64Array.from(
      { length: EN.length * 2 },
      (_, i) => (EN[i >> 1] ?? 0) * (i % 2 === 0 ? 1 : 0.5),
    );
    expectWords(await heard(wav(pcmOf(both), { channels: 2 })), 'en-appointment.wav');
  });

  it('as MP3, in one call', async () => {
    const { json } = await ask(fake.urls.reson8.prerecorded, {
      method: 'POST',
      headers: KEY,
      body: fixtureFile('nl-afspraak.mp3'),
    });
    // The bundled MP3 is known by its exact samples, which take precedence.
    expect(json).toEqual({ text: fixture('nl-afspraak.wav').text });
  });

  it('after noise that is not speech', async () => {
    const before = join(noisyPcm(1200), silence(500), tone(60), silence(440));
    expectWords(
      await heard(join(before, pcmOf(EN.map((sample) => sample * 0.7)))),
      'en-appointment.wav',
      0,
      2200,
    );
  });

  it.each([
    ['en-appointment.wav', EN, 3600],
    ['en-appointment.wav', EN, 4200],
    ['nl-afspraak.wav', NL, 3333],
  ])('%s from a pause on', async (name, samples, fromMs) => {
    const rest = samples.subarray(fromMs * 16).map((sample) => sample * 0.8);
    expectWords(await heard(pcmOf(rest)), name, fromMs, -fromMs);
  });

  it('on the microphone socket of Scriptix', async () => {
    const { messages } = await transcribe(fake, pcmOf(EN.map((sample) => sample * 0.6)));
    const said = scriptixFinalsOf(messages).map(({ text }) => text);
    expect(said.join(' ')).toBe(fixture('en-appointment.wav').text.toUpperCase());
  });

  it('however it is cut into messages, and however loud it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(['en-appointment.wav', EN] as const, ['nl-afspraak.wav', NL] as const),
        fc.integer({ min: 300, max: 1000 }),
        fc.integer({ min: 100, max: 70_000 }),
        fc.integer({ min: 0, max: 500 }),
        async ([name, samples], gain, frameBytes, laterMs) => {
          const pcm = join(silence(laterMs), pcmOf(samples.map((sample) => (sample * gain) / 1000)));
          const said = await heard(pcm, '', frameBytes);
          expectWords(said, name, 0, laterMs);
          expect(said).toEqual(await heard(pcm, '', 3200));
        },
      ),
      { numRuns: 8 },
    );
  });

  it('even after an early flush, unless too little was heard', async () => {
    const pcm = pcmOf(EN.map((sample) => sample * 0.8));
    for (const [heardMs, isKnown] of [
      [720, true],
      [500, false],
    ] as const) {
      await using client = dial(fake.urls.reson8.realtime);
      await client.open;
      await client.sendAudio(pcm.subarray(0, heardMs * 32));
      flush(client, 'early');
      await confirmation(client);
      const text = finalsOf(client.values)
        .map((final) => final.text)
        .join(' ');
      expect(text).not.toBe('');
      expect(text.startsWith('GOOD')).toBe(isKnown);
    }
  });
});

describe('nothing else is taken for a recording', () => {
  const isOwn = (said: readonly Said[]) =>
    said.some(({ text }) => text === text.toUpperCase() && /[A-Z]{2}/.test(text));

  it.each([
    ['a tone', tone(3000)],
    ['a high tone', tone(3000, { frequency: 2500 })],
    ['bursts', join(tone(300), silence(200), tone(300, { frequency: 700 }), silence(200), tone(2000))],
    ['loud noise', noisyPcm(3000, 0.2)],
    ['a recording backwards', pcmOf(EN.slice().reverse())],
    ['a recording from the middle of a word', pcmOf(EN.subarray(1300 * 16).map((sample) => sample * 0.8))],
    ['a recording at another speed', pcmOf(resampled(EN, 16_000, 12_000))],
  ])('%s', async (_what, pcm) => {
    const said = await heard(pcm);
    expect(said.length).toBeGreaterThan(0);
    expect(isOwn(said)).toBe(false);
  });

  it('silence has no words', async () => {
    expect(await heard(silence(3000))).toEqual([]);
    expect(await heard(fixture('noise.wav').pcm)).toEqual([]);
  });
});

function noisyPcm(durationMs: number, level = 0.005): Uint8Array {
  return pcmOf(noisy(new Float64Array(durationMs * 16), level));
}
