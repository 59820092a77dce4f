import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { voicesOf } from '../../../../src/scenario/speech/voices.ts';
import { DEFAULT_EDITIONS } from '../../../../src/protocol/editions.ts';
import { happyPath } from '../../../../src/scenario/happy-path.ts';
import type { ServerScript } from '../../../../src/scenario/script.ts';
import { hearRecording, type Body } from '../../../../src/mock-server/rest/reson8/hear.ts';
import { bursts, fixture, fixtureFile, tone, wav } from '../../../support/audio.ts';

const RAW = { sampleRate: 16_000, channels: 1 };

let script: ServerScript;
beforeAll(async () => {
  const voice = await voicesOf(1)('en');
  script = { steps: happyPath('reson8', DEFAULT_EDITIONS), voice, speakers: 2, seed: 1 };
});

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): Body {
  await Promise.resolve();
  let from = 0;
  for (const at of [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b)) {
    yield bytes.subarray(from, at);
    from = at;
  }
  yield bytes.subarray(from);
}

const hear = (bytes: Uint8Array, cuts: readonly number[] = []) =>
  hearRecording(pieces(bytes, cuts), { encoding: 'auto', raw: RAW }, script);

describe('a recording gives the same however it is cut', () => {
  const short = bursts(900, 900, 400);
  test.each([
    ['a WAV', wav(short)],
    ['samples', short],
    ['a bundled WAV', fixture('nl-afspraak.wav').file],
    ['an MP3', fixtureFile('en-appointment.mp3')],
  ])('%s', async (_, bytes) => {
    const whole = await hear(bytes);
    expect(whole.finals.length).toBeGreaterThan(0);

    const cutting = fc.asyncProperty(
      // Its format is decided by its beginning.
      fc.array(fc.oneof(fc.nat({ max: 600 }), fc.nat({ max: bytes.length - 1 })), { maxLength: 12 }),
      async (cuts) => {
        expect(await hear(bytes, cuts)).toEqual(whole);
      },
    );
    await fc.assert(cutting, { numRuns: 12 });
  });
});

test('samples that look like the beginning of another format are read as samples', async () => {
  const speech = tone(2000);
  for (const head of [[0xff, 0xf1], [0xff, 0xfb, 0x90, 0x00], [0x47], [0x1f, 0x8b]]) {
    const bytes = speech.slice();
    bytes.set(head);
    expect((await hear(bytes)).audioMs).toBe(2000);
  }
});

test('an MP3 without a frame is refused', async () => {
  const bytes = new Uint8Array(5000);
  bytes.set(Buffer.from('ID3\u0004'));
  await expect(hear(bytes)).rejects.toMatchObject({ status: 400 });
});

test('a small file of a long duration has a limit', async () => {
  const raw = { sampleRate: 100, channels: 1 };
  const body = pieces(new Uint8Array(3_000_000), [1_000_000, 2_000_000]);

  await expect(hearRecording(body, { encoding: 'mulaw', raw }, script)).rejects.toMatchObject({
    status: 413,
  });
});
