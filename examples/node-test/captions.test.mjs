import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startMockServer } from 'asr-understudy';
import { captions } from './captions.mjs';

/** Two seconds of a tone, which the fake treats as speech. */
const samples = Int16Array.from({ length: 32_000 }, (_, i) => 16_000 * Math.sin(i / 12));
const AUDIO = new Uint8Array(samples.buffer);

/** A test that hangs fails, and the fake ends even if the process that started the tests is killed. */
const LIMIT = { timeout: 60_000 };

let fake;
before(async () => {
  fake = await startMockServer({ seed: 7 });
});
beforeEach(() => fake.reset());
after(() => fake.stop());

test('the words come before the end, which is clean', LIMIT, async () => {
  const [lines, session] = await Promise.all([
    captions(fake.urls.reson8.realtime, 'any-key', AUDIO),
    fake.nextSession(),
  ]);
  assert.equal(lines.length, 1);
  assert.equal(session.count('flush'), 1);
  await session.received('close');
  assert.equal(session.closeCode, 1000);
});

test('a refused key is an error', LIMIT, async () => {
  await assert.rejects(captions(fake.urls.reson8.realtime, 'invalid-key', AUDIO), /401/);
});

test('a connection that breaks is an error, and no transcript', LIMIT, async () => {
  fake.assign('any-key', 'drop-mid-word');
  await assert.rejects(captions(fake.urls.reson8.realtime, 'any-key', AUDIO), /broke off \(1006\)/);
});

test('a confirmation that is another one changes nothing', LIMIT, async () => {
  const reading = captions(fake.urls.reson8.realtime, 'any-key', AUDIO);
  const session = await fake.nextSession();
  session.send({ type: 'flush_confirmation', id: 'of somebody else' });
  assert.equal((await reading).length, 1);
});
