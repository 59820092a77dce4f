import { DEFAULT_EDITIONS } from '../../../src/protocol/editions.ts';
import { expect, it } from 'vitest';
import { startClientFake } from '../../../src/cli/conformance/client-fake.ts';
import type { FakeOptions } from '../../../src/conformance/client/fake.ts';
import { connect } from '../../support/clients/client.ts';

const OPTIONS: FakeOptions = {
  scenario: 'happy-path',
  dialect: 'scriptix',
  editions: DEFAULT_EDITIONS,
  seed: 1,
  token: 'a token/of:user',
  isTokenRequired: true,
};

it.each([
  ['scriptix', 'ws://HOST/v2/realtime', 'http://HOST/api/v4/realtime'],
  ['scriptix-rest', 'ws://HOST/v2/realtime', 'http://HOST/api/v4/realtime'],
  ['scriptix-stream', 'ws://HOST/v2/client/a%20token%2Fof%3Auser', 'http://HOST/api/v4/realtime'],
  ['reson8', 'ws://HOST/v1/speech-to-text/realtime', 'http://HOST/v1'],
  ['reson8-turns', 'ws://HOST/v1/speech-to-text/turns', 'http://HOST/v1'],
] as const)('the fake for a client has the addresses of %s', async (dialect, url, apiUrl) => {
  const fake = await startClientFake({ ...OPTIONS, dialect });
  const { baseUrl, ...addresses } = fake.addresses;
  await fake.stop();

  expect(baseUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);

  const host = baseUrl.slice('ws://'.length);
  expect(addresses).toEqual({ url: url.replace('HOST', host), apiUrl: apiUrl.replace('HOST', host) });
});

it('the fake for a client plays the scenario of its own dialect where several have the name', async () => {
  const fake = await startClientFake({ ...OPTIONS, scenario: 'json-cut-short', dialect: 'scriptix-rest' });
  await using client = connect(`${fake.addresses.url}?token=${encodeURIComponent(OPTIONS.token)}`);
  await client.open;
  client.send({ action: 'start' });

  expect((await client.next()).json).toEqual({ state: 'loading' });
  await expect(startClientFake({ ...OPTIONS, scenario: 'starting' })).rejects.toThrow('there is none named');

  await fake.stop();
});

it('the fake for a client accepts only the token that it was given, or any if it was given none', async () => {
  for (const isTokenRequired of [true, false]) {
    const fake = await startClientFake({ ...OPTIONS, isTokenRequired });
    await using own = connect(`${fake.addresses.url}?token=${encodeURIComponent(OPTIONS.token)}`);
    await own.open;
    await using other = connect(`${fake.addresses.url}?token=another`);
    if (isTokenRequired) expect((await other.refused).status).toBe(401);
    else await other.open;
    await fake.stop();
  }
});

it('the fake for a client counts connections, upgrades and calls, and those that go on', async () => {
  const fake = await startClientFake({ ...OPTIONS, scenario: 'handshake-hangs', isTokenRequired: false });
  expect(fake.activity).toEqual({ begun: 0, open: 0 });

  const waiting = connect(`${fake.addresses.url}?token=a`);
  await expect.poll(() => fake.activity).toEqual({ begun: 1, open: 1 });

  waiting.terminate();
  await expect.poll(() => fake.activity).toEqual({ begun: 1, open: 0 });

  await fake.end();
  await fake.play('warm-model');
  expect(fake.activity).toEqual({ begun: 0, open: 0 });

  await using open = connect(`${fake.addresses.url}?token=a`);
  await open.open;
  await fetch(`${fake.addresses.apiUrl}/status`);

  await expect.poll(() => fake.activity).toEqual({ begun: 2, open: 1 });

  await fake.stop();
});

it('the fake for a client refuses clients that connect between two scenarios', async () => {
  const fake = await startClientFake({ ...OPTIONS, isTokenRequired: false });
  await fake.end();
  const between = connect(`${fake.addresses.url}?token=a`);
  await between.open;
  await fake.play('refused-401');

  expect((await between.closed).code).toBe(1001);
  expect((await connect(`${fake.addresses.url}?token=a`).refused).status).toBe(401);
  expect((await fake.end()).map(({ session, kind }) => `${session} ${kind}`)).toEqual([
    'h1 request',
    'h1 response',
    'h1 end',
  ]);

  await fake.stop();
});

it('the fake for a client says what the journal has forgotten', async () => {
  const fake = await startClientFake(OPTIONS);
  const call = async () => void (await fetch(`${fake.addresses.apiUrl}/status`)).body?.cancel();
  for (let i = 0; i < 1003; i++) await call();
  const events = await fake.end();

  expect(events[0]).toMatchObject({
    session: 'h4',
    kind: 'note',
    message: '3 earlier connections and requests are missing here: the journal keeps a limited number',
    // Of each the request and the response.
    dropped: 6,
  });

  await fake.stop();
});

// A run whose clients had opened thousands of connections took ten seconds too long, as everything was read.
it('the fake for a client reads only the beginning when time is short, and says how much it left out', async () => {
  const fake = await startClientFake({ ...OPTIONS, isTokenRequired: true });
  const url = `${fake.addresses.url}?token=another`;
  for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 10 }, () => connect(url).refused));

  const events = await fake.end(true);
  await fake.stop();
  const [note, ...rest] = events;

  expect(note).toMatchObject({
    kind: 'note',
    message: expect.stringMatching(
      /^\d+ connections and requests are missing here: the time was up/,
    ) as string,
  });
  expect(rest.length).toBeGreaterThanOrEqual(300);
  expect(rest.length).toBeLessThan(310);

  const shown = new Set(rest.map(({ session }) => session)).size;
  expect(note).toMatchObject({ dropped: 200 - shown });
});
