import { describe, expect } from 'vitest';
import { test } from 'asr-understudy/vitest';
import { dictate } from './dictation';

/** Four seconds: two of a tone, which the fake treats as speech, and two of silence, which end the segment. */
const SPEECH = new Int16Array(64_000);
for (let i = 0; i < 32_000; i++) SPEECH[i] = 16_000 * Math.sin(i / 12);
const AUDIO = new Uint8Array(SPEECH.buffer);

test('starts before it sends audio, and ends with 1000', async ({ fake }) => {
  const dictation = dictate(fake.urls.scriptix.realtime, 'any-token');
  dictation.hear(AUDIO);

  const session = await fake.nextSession();
  await expect(session).toHaveReceivedStart();
  await expect(session).toHaveReceivedAudio({ ms: 4000 });
  await expect(session).toHaveSent({ is_final: true });
  dictation.close();
  await expect(session).toHaveClosedWith(1000);
  await dictation.ended;
  expect(dictation.lines).toHaveLength(1);
});

test('keeps both when the same is said twice', async ({ fake }) => {
  const dictation = dictate(fake.urls.scriptix.realtime, 'any-token');
  const session = await fake.nextSession();
  await expect(session).toHaveReceivedStart();

  // A test can make the fake send any message.
  for (const offset_ms of [300, 2100]) session.send({ text: 'yes', is_final: true, offset_ms, words: [] });
  await expect.poll(() => dictation.lines).toEqual(['yes', 'yes']);
});

describe('when the connection breaks in the middle of a sentence', () => {
  // One of the bundled scenarios: `understudy scenario list` shows them all.
  test.override({ fakeOptions: { scenario: 'drop-mid-word' } });

  test('does not take that for the end', async ({ fake }) => {
    const dictation = dictate(fake.urls.scriptix.realtime, 'any-token');
    dictation.hear(AUDIO);
    await expect(dictation.ended).rejects.toThrow('broke off (1006)');
  });
});
