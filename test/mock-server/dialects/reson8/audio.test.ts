import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import { fixture, join, silence, wav } from '../../../support/audio.ts';
import { ENCODINGS, riff, S16 } from '../../../support/formats/riff.ts';
import { confirmation, dial, endOf, EVERYTHING, finalsOf, flush } from '../../../support/reson8.ts';

/** The speech in every test here, and its whole length. */
const SPOKEN = [
  { fromMs: 500, toMs: 2500 },
  { fromMs: 3700, toMs: 5200 },
];
const AUDIO_MS = 5330;
const WINDOW_MS = 20;

let fake: MockServer;
beforeAll(async () => {
  fake = await startMockServer();
});
afterAll(() => fake.stop());

interface Heard {
  readonly audioMs: number;
  readonly segments: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** How long the audio was to the server, and where in it there was speech. */
async function hear(query: string, audio: Uint8Array, frameBytes = 1001): Promise<Heard> {
  await using client = dial(fake.urls.reson8.realtime, `${EVERYTHING}&${query}`);
  const [session] = await Promise.all([fake.nextSession(), client.open]);
  await client.sendAudio(audio, { frameBytes });
  flush(client);
  await confirmation(client);
  const segments = finalsOf(client.values).map((final) => ({
    fromMs: final.start_ms ?? NaN,
    toMs: endOf(final),
  }));
  return { audioMs: session.audioMs, segments };
}

function expectTimes({ audioMs, segments }: Heard, slower = 1) {
  expect(Math.abs(audioMs - AUDIO_MS * slower)).toBeLessThanOrEqual(WINDOW_MS);
  expect(segments).toHaveLength(SPOKEN.length);
  for (const [i, { fromMs, toMs }] of SPOKEN.entries()) {
    // A segment ends with its last window of speech, so its end can be off by one window more than its start.
    expect(Math.abs((segments[i]?.fromMs ?? NaN) - fromMs * slower)).toBeLessThanOrEqual(WINDOW_MS);
    expect(Math.abs((segments[i]?.toMs ?? NaN) - toMs * slower)).toBeLessThanOrEqual(2 * WINDOW_MS);
  }
}

/** Samples from -1 to 1, interleaved. */
function samplesOf(sampleRate: number, channels: number): Float64Array {
  const samples = new Float64Array(Math.round((AUDIO_MS * sampleRate) / 1000) * channels);
  for (const { fromMs, toMs } of SPOKEN) {
    const from = Math.ceil((fromMs * sampleRate) / 1000);
    const to = Math.ceil((toMs * sampleRate) / 1000);
    for (let i = from; i < to; i++) {
      const sample = 0.5 * Math.sin((2 * Math.PI * 220 * i) / sampleRate);
      for (let channel = 0; channel < channels; channel++) samples[i * channels + channel] = sample;
    }
  }
  return samples;
}

describe('pcm_s16le', () => {
  it.each(
    [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000].flatMap((sampleRate) =>
      [1, 2, 5].map((channels) => ({ sampleRate, channels })),
    ),
  )('of $sampleRate Hz with $channels channel(s) gives the right times', async ({ sampleRate, channels }) => {
    const audio = S16.encode(samplesOf(sampleRate, channels));
    const query = `encoding=pcm_s16le&sample_rate=${sampleRate}&channels=${channels}`;
    expectTimes(await hear(query, audio, 4999));
  });

  it('of a rate that is not a whole number gives the right times', async () => {
    expectTimes(await hear('encoding=pcm_s16le&sample_rate=11025.5', S16.encode(samplesOf(11_025.5, 1))));
  });

  it.each([8000, 11_025, 22_050, 44_100, 12_345.678])(
    'of %d Hz does not drift over minutes',
    async (sampleRate) => {
      const samples = new Float64Array(Math.round(180 * sampleRate));
      const speech = samplesOf(sampleRate, 1).subarray(0, Math.round(2.5 * sampleRate));
      samples.set(speech, samples.length - speech.length);
      const query = `encoding=pcm_s16le&sample_rate=${sampleRate}`;
      const { audioMs, segments } = await hear(query, S16.encode(samples), 60_000);

      expect(Math.abs(audioMs - 180_000)).toBeLessThanOrEqual(WINDOW_MS);
      expect(segments).toHaveLength(1);
      expect(Math.abs((segments[0]?.fromMs ?? NaN) - 178_000)).toBeLessThanOrEqual(WINDOW_MS);
    },
  );

  it('is heard when only one of its channels speaks', async () => {
    const samples = samplesOf(16_000, 2).map((sample, i) => (i % 2 === 0 ? 0 : sample));
    expectTimes(await hear('encoding=pcm_s16le&channels=2', S16.encode(samples)));
  });

  it('is 16 kHz and mono unless the query says otherwise', async () => {
    expectTimes(await hear('encoding=pcm_s16le', S16.encode(samplesOf(16_000, 1))));
  });

  it('does not look for a header: a WAV is samples from its first byte on', async () => {
    const file = wav(S16.encode(samplesOf(8000, 1)), { sampleRate: 8000 });
    const { audioMs } = await hear('encoding=pcm_s16le', file);
    expect(audioMs).toBe(Math.floor(file.length / 32 / WINDOW_MS) * WINDOW_MS);
  });

  it.each([
    ['Ogg', 'OggS'],
    ['FLAC', 'fLaC'],
    ['Matroska', '\u001aE\u00df\u00a3'],
    ['MP3', 'ID3\u0004'],
  ])('does not look for the header of %s either', async (_name, magic) => {
    const audio = join(Buffer.from(magic, 'latin1'), S16.encode(samplesOf(16_000, 1)));
    expectTimes(await hear('encoding=pcm_s16le', audio));
  });

  it('that is cut in the middle of samples, or into single bytes, gives the same', async () => {
    const audio = S16.encode(samplesOf(8000, 2)).subarray(0, 3 * 32_000);
    const query = 'encoding=pcm_s16le&sample_rate=8000&channels=2';
    const whole = await hear(query, audio, audio.length);
    for (const frameBytes of [7, 4093]) expect(await hear(query, audio, frameBytes)).toEqual(whole);
  });

  it('of less than a sample is not audio', async () => {
    await using client = dial(fake.urls.reson8.realtime, 'encoding=pcm_s16le&channels=5');
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    client.send(new Uint8Array(0));
    client.send(new Uint8Array(9));
    flush(client, 'x');
    await confirmation(client);

    expect(client.values).toEqual([{ type: 'flush_confirmation', id: 'x' }]);
    expect(session.audioMs).toBe(0);
    expect(session.count('audio')).toBe(2);
  });
});

describe('auto', () => {
  it('takes raw bytes for 16 kHz mono', async () => {
    expectTimes(await hear('', S16.encode(samplesOf(16_000, 1))));
    expectTimes(await hear('encoding=auto', S16.encode(samplesOf(16_000, 1))));
  });

  it('takes raw bytes for what the query says', async () => {
    const audio = S16.encode(samplesOf(48_000, 2));
    expectTimes(await hear('encoding=auto&sample_rate=48000&channels=2', audio));
  });

  it.each(
    [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000].flatMap((sampleRate) =>
      [1, 2, 5].map((channels) => ({ sampleRate, channels })),
    ),
  )('takes a WAV of $sampleRate Hz, $channels channel(s) for what its header says', async (format) => {
    const file = wav(S16.encode(samplesOf(format.sampleRate, format.channels)), format);
    expectTimes(await hear('sample_rate=12345&channels=3', file, 4999));
  });

  it.each(['u8', 's24', 's32', 'f32', 'mulaw', 'alaw'] as const)(
    'reads a WAV of %s samples',
    async (name) => {
      const file = riff(ENCODINGS[name], 16_000, 2, samplesOf(16_000, 2));
      expectTimes(await hear('', file));
    },
  );

  it.each([
    { what: 'an extensible format', change: { extensible: true } },
    { what: 'other chunks of odd sizes before the samples', change: { before: ['LIST', 'junk'] } },
    { what: 'a length that a live encoder did not know', change: { dataLength: 0xffff_ffff } },
    { what: 'a length of zero', change: { dataLength: 0 } },
  ])('reads a WAV with $what', async ({ change }) => {
    expectTimes(await hear('', riff(S16, 16_000, 1, samplesOf(16_000, 1), change)));
  });

  it('reads a header that comes byte by byte', async () => {
    const file = riff(S16, 8000, 1, samplesOf(8000, 1), { before: ['LIST'] });
    await using client = dial(fake.urls.reson8.realtime, EVERYTHING);
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    await client.sendAudio(file.subarray(0, 200), { frameBytes: 1 });
    await client.sendAudio(file.subarray(200));
    flush(client);
    await confirmation(client);
    const segments = finalsOf(client.values).map((final) => ({
      fromMs: final.start_ms ?? NaN,
      toMs: endOf(final),
    }));

    expectTimes({ audioMs: session.audioMs, segments });
  });

  it.each(['en-appointment-8khz', 'en-appointment-stereo-16khz', 'en-appointment-48khz-stereo', 'en-long'])(
    'hears the whole length of the recording %s',
    async (name) => {
      const { file, durationMs, words } = fixture(`${name}.wav`);
      const { audioMs, segments } = await hear('', file);

      expect(Math.abs(audioMs - durationMs)).toBeLessThanOrEqual(WINDOW_MS);
      expect(Math.abs((segments[0]?.fromMs ?? NaN) - (words[0]?.startMs ?? NaN))).toBeLessThanOrEqual(100);
    },
  );

  it('decides after 12 bytes; fewer are not audio yet', async () => {
    await using client = dial(fake.urls.reson8.realtime, EVERYTHING);
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    client.send(Buffer.from('RIFF'));
    flush(client, 'x');
    await confirmation(client);

    expect({ values: client.values, audioMs: session.audioMs }).toEqual({
      values: [{ type: 'flush_confirmation', id: 'x' }],
      audioMs: 0,
    });
  });

  it.each([
    { what: 'of a codec that is not ours', file: riff(S16, 16_000, 1, [0], { tag: 0x11 }) },
    { what: 'without channels', file: riff(S16, 16_000, 0, [0]) },
    { what: 'with 12 bits a sample', file: riff({ ...S16, bits: 12 }, 16_000, 1, [0]) },
    { what: 'of 0 Hz', file: riff(S16, 0, 1, [0]) },
    { what: 'that is no WAVE', file: Buffer.from('RIFF\x10\0\0\0AVI LIST\x04\0\0\0hdrl', 'latin1') },
    {
      what: 'whose samples come before their format',
      file: Buffer.from('RIFF\x10\0\0\0WAVEdata\x04\0\0\0abcd', 'latin1'),
    },
    {
      what: 'whose header does not end',
      file: join(Buffer.from('RIFF\xff\xff\xff\x7fWAVEjunk\xff\xff\xff\x7f', 'latin1'), silence(10_000)),
    },
  ])('answers a RIFF file $what with an error and closes', async ({ file }) => {
    await using client = dial(fake.urls.reson8.realtime, EVERYTHING);
    await client.open;
    await client.sendAudio(file, { frameBytes: 1000 });

    expect((await client.closed).code).toBe(1008);
    expect(client.values).toEqual([
      { type: 'error', code: 'INVALID_REQUEST', message: expect.any(String) as string },
    ]);
  });
});

describe('compressed audio', () => {
  it.each([
    { name: 'OGG', head: 'OggS\0\x02\0\0\0\0\0\0\0\0' },
    { name: 'FLAC', head: 'fLaC\0\0\0\x22\x10\0\x10\0\0\0' },
    { name: 'WebM', head: '\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81' },
    { name: 'MP4', head: '\0\0\0\x20ftypM4A \0\0\0\0' },
    { name: 'MP3 with a tag', head: 'ID3\x04\0\0\0\0\0\0\0\0\0\0' },
  ])('in $name is timed by its arrival', async ({ head }) => {
    await using still = await startMockServer({ clock: 'manual' });
    await using client = dial(still.urls.reson8.realtime, EVERYTHING);
    const [session] = await Promise.all([still.nextSession(), client.open]);
    // The pieces of a recorder come a little late or early and have various sizes.
    const pieces = 100;
    let nowMs = 0;
    let firstMs = 0;
    for (let i = 1; i <= pieces; i++) {
      const stepMs = 33 + (i % 3);
      await still.clock.advance(stepMs);
      nowMs += stepMs;
      if (i === 1) firstMs = nowMs;
      client.send(i === 1 ? Buffer.from(head, 'latin1') : new Uint8Array(1 + ((i * 37) % 400)));
      await session.received('audio', { count: i });
    }

    // The audio of the first piece was recorded before the piece arrived.
    expect(session.audioMs).toBeGreaterThanOrEqual(nowMs - firstMs - WINDOW_MS);
    expect(session.audioMs).toBeLessThanOrEqual(nowMs + WINDOW_MS);

    flush(client, 'end');
    await confirmation(client);
    const finals = finalsOf(client.values);

    expect(finals.length).toBeGreaterThan(0);
    expect(finals[0]?.start_ms).toBeLessThanOrEqual(100);

    for (const final of finals) expect(endOf(final)).toBeLessThanOrEqual(session.audioMs);
    // All of it counts as speech, so there are words up to its end.
    expect(endOf(finals.at(-1) ?? {})).toBeGreaterThanOrEqual(session.audioMs - 2 * WINDOW_MS);
  });

  it('does not get longer while nothing arrives', async () => {
    await using still = await startMockServer({ clock: 'manual' });
    await using client = dial(still.urls.reson8.realtime, EVERYTHING);
    const [session] = await Promise.all([still.nextSession(), client.open]);
    client.send(Buffer.from('OggS\0\x02\0\0\0\0\0\0\0\0', 'latin1'));
    await session.received('audio');
    await still.clock.advance(10_000);
    flush(client, 'end');
    await confirmation(client);

    expect(session.audioMs).toBe(0);
    expect(client.values).toEqual([{ type: 'flush_confirmation', id: 'end' }]);
  });
});
