import { describe, expect, test } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import { fixture, join, tone, wav } from '../../../support/audio.ts';
import { dictate, microphone, transcribe } from '../../../support/scriptix/scriptix.ts';
import { heardWords, isError, isResult, partialsOf, violations } from '../../../support/scriptix/rules.ts';

const EN = fixture('en-appointment.wav');

/** The recording with changed bytes in its header. */
function changed(at: number, ...bytes: readonly number[]): Uint8Array {
  const file = Uint8Array.from(EN.file);
  file.set(bytes, at);
  return file;
}

/** The recording with something inserted before the byte `at`. */
const inserted = (at: number, latin1: string) =>
  join(EN.file.subarray(0, at), Buffer.from(latin1, 'latin1'), EN.file.subarray(at));

describe('a microphone sends WAV', () => {
  test.each([
    'en-appointment-8khz.wav',
    'en-appointment-48khz-stereo.wav',
    'en-appointment-stereo-16khz.wav',
  ])('%s is heard with its words and their times', async (name) => {
    await using fake = await startMockServer();
    const { file, words } = fixture(name);
    const { messages } = await transcribe(fake, file);

    expect(heardWords(messages)).toEqual(words);
    expect(violations({ messages })).toEqual([]);
  });

  test.each([
    ['whose size is not known yet', changed(40, 0, 0, 0, 0)],
    ['of the largest possible size', changed(40, 255, 255, 255, 255)],
    ['after a chunk of another kind', inserted(12, 'LIST\x04\0\0\0abcd')],
    ['after a chunk of odd size', inserted(12, 'note\x03\0\0\0abc\0')],
    ['after a chunk that follows the format', inserted(36, 'fact\x04\0\0\0\0\0\0\0')],
  ])('with a data chunk %s', async (_case, file) => {
    await using fake = await startMockServer();
    const { messages } = await transcribe(fake, file);
    expect(heardWords(messages)).toEqual(EN.words);
  });

  test.each([
    ['a rate of 0', changed(24, 0, 0, 0, 0)],
    ['a rate of 4 GHz', changed(24, 0, 0, 0, 240)],
    ['no channel', changed(22, 0, 0)],
    ['an unknown codec', changed(20, 0x77, 0x77)],
    ['no WAVE inside', changed(8, 0x41, 0x56, 0x49, 0x20)],
    ['too much before its data', inserted(12, `JUNK\xff\xff\xff\x7f${'x'.repeat(100_000)}`)],
  ])('with %s and gets a single error', async (_case, file) => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await client.sendAudio(file);
    await client.next(isError, 'an error');

    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.rest()).toEqual([]);
    expect(client.messages.some(isResult)).toBe(false);
    expect(violations({ messages: client.messages })).toEqual([]);
  });

  test('with a header that is spread over several frames', async () => {
    await using fake = await startMockServer();
    const { file, words } = fixture('en-appointment-8khz.wav');
    for (const cuts of [[1], [3], [4, 12], [7, 20, 43], [11, 45], [43], [44]]) {
      await using client = await microphone(fake);
      let from = 0;
      for (const to of cuts) {
        await client.sendAudio(file.subarray(from, to));
        from = to;
      }
      await dictate(client, file.subarray(from));
      expect(heardWords(client.messages), String(cuts)).toEqual(words);
    }
  });

  test('of 48 kHz in stereo, with the right times', async () => {
    await using fake = await startMockServer();
    const mono = tone(2000, { sampleRate: 48_000 });
    const samples = new Int16Array(mono.buffer);
    const stereo = new Int16Array(samples.length * 2).map((_, i) => samples[i >> 1] ?? 0);
    const file = wav(new Uint8Array(stereo.buffer), { sampleRate: 48_000, channels: 2 });
    const { messages } = await transcribe(fake, file);

    expect(violations({ messages, audioMs: (bytes) => bytes / (48 * 4) })).toEqual([]);
    expect(heardWords(messages).at(-1)?.endMs).toBe(2000);
    expect(partialsOf(messages).length).toBeGreaterThanOrEqual(9);
  });
});

describe('a microphone sends audio that is not decoded', () => {
  test('and it is timed by its arrival, and all of it counts as speech', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = await microphone(fake);
    const session = await fake.nextSession();
    await client.sendAudio(Buffer.from(`OggS\0\x02${'x'.repeat(500)}`, 'latin1'));
    await client.settled();

    expect(client.messages.some(isResult)).toBe(false);

    for (let i = 0; i < 40; i++) {
      await fake.clock.advance(100);
      await client.sendAudio(new Uint8Array(400).fill(i));
      await client.settled();
      expect(session.audioMs).toBeLessThanOrEqual(fake.clock.now());
    }
    expect(session.audioMs).toBe(4000);
    expect(partialsOf(client.messages).length).toBeGreaterThanOrEqual(15);

    await dictate(client, new Uint8Array());
    expect(heardWords(client.messages).at(-1)?.endMs).toBe(4000);
    expect(violations({ messages: client.messages })).toEqual([]);
  });
});
