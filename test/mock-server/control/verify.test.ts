import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../../src/index.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { silence } from '../../support/audio.ts';
import { control } from '../../support/clients/control.ts';
import { shared } from '../../support/servers/shared.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';

async function verify(fake: MockServer, ...expectations: readonly unknown[]): Promise<unknown> {
  return (await control(fake, 'POST verify', { expectations })).json;
}

/** A connection, s1, with a start command in Dutch and three messages of audio. */
async function speaking(fake: MockServer) {
  const client = await microphone(fake, { query: { token: 'a' } });
  for (let i = 0; i < 3; i++) client.send(silence(20));
  await fake.session('s1')?.received('audio', { count: 3 });
  return client;
}

/** A fake with such a connection. */
async function spokenTo() {
  const fake = await startMockServer({ clock: 'manual' });
  await speaking(fake);
  return { fake, [Symbol.asyncDispose]: () => fake.stop() };
}

describe('an expectation', () => {
  const started = shared(spokenTo);

  it.each([
    ['audio', true, { of: 'audio' }],
    ['audio three times or more', true, { of: 'audio', atLeast: 3 }],
    ['audio four times or more', false, { of: 'audio', atLeast: 4 }],
    ['audio at most three times', true, { of: 'audio', atMost: 3 }],
    ['audio at most twice', false, { of: 'audio', atMost: 2 }],
    ['audio one to three times', true, { of: 'audio', atLeast: 1, atMost: 3 }],
    ['audio exactly three times', true, { of: 'audio', exactly: 3 }],
    ['audio exactly twice', false, { of: 'audio', exactly: 2 }],
    ['no stop', true, { of: 'stop', exactly: 0 }],
    ['a stop', false, { of: 'stop' }],
    ['audio with its token', true, { of: 'audio', token: 'a' }],
    ['audio with another token', false, { of: 'audio', token: 'b' }],
    ['no audio with another token', true, { of: 'audio', token: 'b', exactly: 0 }],
    [
      'audio with every filter',
      true,
      { of: 'audio', session: 's1', dialect: 'scriptix', scenario: 'happy-path', open: true },
    ],
    ['audio of another session', false, { of: 'audio', session: 's2' }],
    ['one start command', true, { message: { action: 'start' }, exactly: 1 }],
    ['a stop command', false, { message: { action: 'stop' } }],
    ['no stop command', true, { message: { action: 'stop' }, exactly: 0 }],
    ['any message', true, {}],
  ])('of %s is met: %s', async (_what, ok, expected) => {
    const { fake } = await started();
    expect(await verify(fake, expected)).toMatchObject({ ok, results: [{ ok }] });
  });

  it('is reported by itself; all have to be met', async () => {
    await using fake = await startMockServer();
    await speaking(fake);

    const answer = await verify(fake, { of: 'audio', exactly: 3 }, { of: 'stop' });

    expect(answer).toEqual({
      ok: false,
      results: [
        { ok: true, count: 3 },
        { ok: false, count: 0, nearest: [{ session: 's1', count: 0 }] },
      ],
    });
  });

  it('that is not met names the most similar messages and the fields that differ', async () => {
    await using fake = await startMockServer();
    await using client = await speaking(fake);
    client.send({ action: 'pause', language: 'nl' });
    await fake.session('s1')?.received('frame', { count: 5 });

    const answer = await verify(fake, { message: { action: 'pause', language: 'en' } });

    const { results } = answer as { results: { nearest: unknown[] }[] };

    expect(results[0]?.nearest[0]).toEqual({
      ...{ session: 's1', message: { action: 'pause', language: 'nl' } },
      differs: ['language'],
    });
  });

  it('can be waited for', async () => {
    await using fake = await startMockServer();
    const waiting = control(fake, 'POST verify', {
      expectations: [{ of: 'audio', atLeast: 3 }],
      within: '30s',
    });
    await speaking(fake);

    expect((await waiting).json).toEqual({ ok: true, results: [{ ok: true, count: 3 }] });
  });

  it('with an upper limit fails as soon as it is exceeded', async () => {
    await using fake = await startMockServer();
    await using client = await speaking(fake);
    const waiting = fake.verify([{ of: 'audio', exactly: 3 }], { withinMs: 600_000 });
    client.send(silence(20));

    expect(await waiting).toMatchObject({ ok: false, results: [{ count: 4 }] });
  });

  it('with an upper limit is met when the time is over', async () => {
    await using fake = await startMockServer();
    await speaking(fake);
    expect(await fake.verify([{ of: 'audio', atMost: 3 }], { withinMs: 120 })).toMatchObject({ ok: true });
  });

  it.each([0, 51])('is refused if there are %d of them', async (count) => {
    await using fake = await startMockServer();
    const expectations = new Array<Expectation>(count).fill({ of: 'audio' });

    await expect(fake.verify(expectations)).rejects.toThrow(`expected 1 to 50 expectations, got ${count}`);
  });

  it('about messages is not met if the journal has not kept them', async () => {
    await using fake = await startMockServer({ journal: { sessions: 0 } });
    await speaking(fake);

    expect(await verify(fake, { message: { action: 'stop' }, exactly: 0 })).toMatchObject({
      ok: false,
      results: [{ ok: false, count: 0, isIncomplete: true }],
    });
  });

  it('is no longer waited for when its caller leaves', async () => {
    await using fake = await startMockServer();
    const leaving = new AbortController();
    const body = JSON.stringify({ expectations: [{ of: 'audio' }], within: '10m' });
    // One more than may wait, as in next.test.ts, so that it is refused once all the others are waiting.
    const waits = Array.from({ length: 21 }, () =>
      fetch(`${fake.urls.control}/verify`, { method: 'POST', body, signal: leaving.signal }).then(
        (answer) => answer.status,
        () => 'given up',
      ),
    );
    const status = async () => (await control(fake, 'POST verify', { expectations: [{}] })).status;
    expect(await Promise.race(waits)).toBe(429);
    leaving.abort();
    await Promise.all(waits);
    while ((await status()) === 429);

    expect(await status()).toBe(200);
  });

  it.each([
    ['no body', undefined],
    ['a list as its body', []],
    ['no expectation', { expectations: [] }],
    ['too many', { expectations: Array.from({ length: 51 }, () => ({})) }],
    ['an unknown key', { expectations: [{ of: 'audio', atlast: 1 }] }],
    ['an unknown kind of event', { expectations: [{ of: 'everything' }] }],
    ['a negative count', { expectations: [{ of: 'audio', exactly: -1 }] }],
    ['a text for a count', { expectations: [{ of: 'audio', exactly: '1' }] }],
    ['two things to count', { expectations: [{ of: 'audio', message: {} }] }],
    ['two kinds of number', { expectations: [{ of: 'audio', exactly: 1, atMost: 2 }] }],
    ['a lower limit above the upper one', { expectations: [{ of: 'audio', atLeast: 3, atMost: 1 }] }],
    ['a time without a unit', { expectations: [{}], within: 5 }],
    ['a time that is too long', { expectations: [{}], within: '11m' }],
  ])('is refused with 400 for %s', async (_what, body) => {
    const { fake } = await started();
    expect((await control(fake, 'POST verify', body)).status).toBe(400);
  });
});
