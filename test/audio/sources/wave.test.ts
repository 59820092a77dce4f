import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeWave } from '../../../src/audio/sources/wave.ts';
import { fixture, fixtureFile, join, silence, tone, wav } from '../../support/audio.ts';
import { all, durationOf, failure, pcmOf, pieces, same } from './support.ts';

function decode(body: Uint8Array, length = 4096) {
  return all(decodeWave(pieces(body, length), 'http://h/a.wav'));
}

it('gives the samples of a recording in chunks of at most 100 ms', async () => {
  const { file, pcm, durationMs } = fixture('en-appointment.wav');
  const chunks = await decode(file);

  expect(same(pcmOf(chunks), pcm)).toBe(true);
  expect(Math.abs(durationOf(chunks) - durationMs)).toBeLessThan(1);

  for (const chunk of chunks) {
    expect(chunk).toMatchObject({
      kind: 'pcm',
      format: { encoding: 's16le', sampleRate: 16_000, channels: 1 },
    });
    expect(chunk.durationMs).toBeLessThanOrEqual(100);
  }
});

it.each([
  ['en-appointment-8khz.wav', { sampleRate: 8000, channels: 1 }],
  ['en-appointment-stereo-16khz.wav', { sampleRate: 16_000, channels: 2 }],
  ['en-appointment-48khz-stereo.wav', { sampleRate: 48_000, channels: 2 }],
])('reads the format of %s and keeps channels together', async (name, format) => {
  const chunks = await decode(fixtureFile(name), 1001);
  expect(durationOf(chunks)).toBeGreaterThan(500);

  for (const chunk of chunks) {
    expect(chunk).toMatchObject({ format });
    if (chunk.kind === 'pcm') expect(chunk.bytes.length % (2 * format.channels)).toBe(0);
  }
});

it('gives the same samples however the body is cut into pieces', async () => {
  const pcm = tone(250);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9000 }), async (length) => {
      expect(same(pcmOf(await decode(wav(pcm), length)), pcm)).toBe(true);
    }),
  );
});

it('drops half a sample at the end of a body that was cut off', async () => {
  const file = wav(tone(100), { channels: 2 });
  expect(pcmOf(await decode(file.subarray(0, 44 + 1001)))).toEqual(tone(100).subarray(0, 1000));
});

it('ignores what follows the samples', async () => {
  const pcm = tone(100);
  const list = new TextEncoder().encode('LIST\x04\0\0\0abcd');
  expect(pcmOf(await decode(join(wav(pcm), list)))).toEqual(pcm);
});

it.each([0, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff])(
  'plays to the end if the header does not have the length (%i)',
  async (size) => {
    const file = wav(tone(100));
    new DataView(file.buffer, file.byteOffset).setUint32(40, size, true);
    expect(pcmOf(await decode(file))).toEqual(tone(100));
  },
);

it('plays while the body is still coming, without an end', async () => {
  const endless = async function* () {
    yield wav(new Uint8Array(0));
    for (;;) yield await Promise.resolve(silence(1000));
  };
  const source = decodeWave(endless(), 'http://h/a.wav');
  let heardMs = 0;
  for (let i = 0; i < 100; i += 1) heardMs += (await source.next()).value?.durationMs ?? 0;

  expect(heardMs).toBeCloseTo(10_000, 6);

  await source.return();
});

it.each([1, 11, 12, 20, 43])('reports a header that is cut off after %i bytes', async (length) => {
  const error = await failure(decode(wav(tone(10)).subarray(0, length)));
  expect(error.problem).toBe('unsupported');
  expect(error.message).toBe('Unsupported format: the WAV of http://h/a.wav ends within its header');
});

it('reports what it cannot read in a header', async () => {
  const adpcm = wav(tone(10));
  new DataView(adpcm.buffer, adpcm.byteOffset).setUint16(20, 2, true);
  const error = await failure(decode(adpcm));

  expect(error.problem).toBe('unsupported');
  expect(error.message).toContain('WAVE format 2');
});
