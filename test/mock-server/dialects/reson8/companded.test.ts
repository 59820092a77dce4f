import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import { fixture, silence } from '../../../support/audio.ts';
import { G711_ENCODERS } from '../../../fixtures/g711.ts';
import { EVERYTHING, finalsOf, recognise } from '../../../support/reson8.ts';

let fake: MockServer;
beforeAll(async () => {
  fake = await startMockServer({ editions: { reson8: '2026-08' } });
});
afterAll(() => fake.stop());

const hear = (audio: Uint8Array, query: string, frameBytes?: number) =>
  recognise(fake.urls.reson8.realtime, `${EVERYTHING}&${query}`, audio, frameBytes);

/** The 16-bit samples of a recording. */
function samplesOf(name: string): Int16Array {
  const { pcm } = fixture(name);
  return new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength));
}

const RECORDINGS = [
  ['en-appointment.wav', 'sample_rate=16000'],
  ['en-appointment-8khz.wav', 'sample_rate=8000'],
  ['en-appointment-stereo-16khz.wav', 'channels=2'],
] as const;

describe('a recording in G.711', () => {
  it.each(RECORDINGS)('has the words and times of %s, whichever encoder wrote it', async (name, format) => {
    const samples = samplesOf(name);
    const expected = finalsOf(await hear(fixture(name).pcm, `encoding=pcm_s16le&${format}`));

    expect(expected[0]?.text).toMatch(/^good morning/);

    for (const { law, encode } of G711_ENCODERS) {
      const finals = finalsOf(await hear(encode(samples), `encoding=${law}&${format}`));
      expect(finals).toEqual(expected);
    }
  });

  it('gives the same however it is divided into frames', async () => {
    const samples = samplesOf('en-appointment-8khz.wav');
    const audio = G711_ENCODERS.map(({ law, encode }) => ({ law, bytes: encode(samples) }));
    const whole = new Map<string, unknown>();
    for (const { law, bytes } of audio) {
      if (!whole.has(law)) whole.set(law, await hear(bytes, `encoding=${law}&sample_rate=8000`));
    }

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...audio), fc.integer({ min: 50, max: 40_000 }), async (one, size) => {
        const said = await hear(one.bytes, `encoding=${one.law}&sample_rate=8000`, size);
        expect(said).toEqual(whole.get(one.law));
      }),
      { numRuns: 20 },
    );
  });

  it('is recognised after more silence, although A-law has no value for zero', async () => {
    const samples = samplesOf('en-appointment-8khz.wav');
    const later = new Int16Array(8000 + samples.length);
    later.set(samples, 8000);
    for (const { law, encode } of G711_ENCODERS) {
      const [final] = finalsOf(await hear(encode(later), `encoding=${law}&sample_rate=8000`));
      expect(final).toMatchObject({
        text: expect.stringMatching(/^good morning/) as string,
        start_ms: 1300,
      });
    }
  });

  it('that consists of silence gives nothing', async () => {
    const quiet = new Int16Array(silence(2000).length / 2);
    for (const { law, encode } of G711_ENCODERS) {
      expect(finalsOf(await hear(encode(quiet), `encoding=${law}`))).toEqual([]);
    }
  });
});
