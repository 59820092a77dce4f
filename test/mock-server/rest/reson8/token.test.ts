import { describe, expect, test } from 'vitest';
import { startMockServer, type MockServer, type MockServerOptions } from '../../../../src/index.ts';
import { newTokens } from '../../../../src/mock-server/dialects/reson8/tokens.ts';
import { ask, type Answer } from '../../../support/clients/ask.ts';
import { connect, type TestClient } from '../../../support/clients/client.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const LIFETIME_MS = 600_000;

const start = (options: MockServerOptions = {}) => startMockServer({ clock: 'manual', ...options });

function post(fake: MockServer, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return ask(fake.urls.reson8.token, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
}

async function tokenFor(fake: MockServer, key: string): Promise<string> {
  const { status, json } = await post(fake, { authorization: `ApiKey ${key}` });
  expect(status).toBe(200);
  return (json as { access_token: string }).access_token;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The status of a refused upgrade. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  await using client = connect(url, { headers });
  return (await client.refused).status;
}

async function opened(url: string, headers: Record<string, string>): Promise<TestClient> {
  const client = connect(url, { headers });
  await client.open;
  return client;
}

describe('POST /v1/auth/token', () => {
  test.each([
    ['a key in the header', { authorization: 'ApiKey some-key' }, undefined],
    ['a key in the header, in another spelling', { authorization: 'apikey  some-key' }, ''],
    ['a key in a form', FORM, 'grant_type=client_credentials&client_id=me&client_secret=some-key'],
    ['a key in the header and a body of another kind', { authorization: 'ApiKey some-key' }, '{}'],
  ])('R8-TOK-001 gives a token for %s', async (_, headers, body) => {
    await using fake = await start({ keys: ['some-key'] });
    const { status, json, headers: answered } = await post(fake, headers, body);

    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^[\w.-]+$/) as string,
      token_type: 'Bearer',
      expires_in: 600,
    });
    expect(answered['cache-control']).toBe('no-store');

    const { access_token: token } = json as { access_token: string };
    await using client = await opened(fake.urls.reson8.realtime, bearer(token));
    client.close();
  });

  test.each([
    ['nothing', {}, undefined],
    ['another scheme', { authorization: 'Bearer some-key' }, undefined],
    ['a scheme without a key', { authorization: 'ApiKey ' }, undefined],
    ['an unknown key', { authorization: 'ApiKey other-key' }, undefined],
    ['an expired key', { authorization: 'ApiKey old-key' }, undefined],
    ['an unknown key in a form', FORM, 'grant_type=client_credentials&client_id=me&client_secret=other-key'],
  ])('R8-TOK-003 refuses %s with 401 and gives no token', async (_, headers, body) => {
    await using fake = await start({ keys: ['some-key', 'old-key:expired'] });
    const { status, json, text } = await post(fake, headers, body);

    expect(status).toBe(401);
    expect(json).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(text).not.toContain('access_token');
  });

  test.each([
    ['grant_type=password&client_id=me&client_secret=some-key', 'grant_type'],
    ['grant_type=client_credentials&client_secret=some-key', 'client_id'],
    ['grant_type=client_credentials&client_id=me', 'client_secret'],
    ['grant_type=client_credentials&client_id=me&client_secret=a&client_secret=b', 'client_secret'],
  ])('a form like %s is refused with 400 and the name of the wrong field', async (body, field) => {
    await using fake = await start();
    const { status, json } = await post(fake, FORM, body);

    expect(status).toBe(400);
    expect(json).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining(field) as string,
    });
  });

  test.each([
    ['as Bearer', { authorization: 'Bearer some-key' }, undefined],
    ['in JSON', { 'content-type': 'application/json' }, '{"client_secret":"some-key"}'],
  ])('a key that comes %s is refused with where it belongs', async (_, headers, body) => {
    await using fake = await start();
    const { json } = await post(fake, headers, body);

    expect(json).toMatchObject({
      message: expect.stringContaining('expected Authorization: ApiKey KEY, or a form with') as string,
    });
  });

  test('a form that is too long is refused with 413', async () => {
    await using fake = await start();
    const { status, json } = await post(fake, FORM, `client_secret=${'x'.repeat(20_000)}`);

    expect(status).toBe(413);
    expect(json).toMatchObject({ code: expect.any(String) as string });
  });

  test.each(['GET', 'PUT', 'DELETE'])('%s is answered with 405 in the form of Reson8', async (method) => {
    await using fake = await start();
    const { status, json, headers } = await ask(fake.urls.reson8.token, { method });

    expect(status).toBe(405);
    expect(headers.allow).toContain('POST');
    expect(json).toMatchObject({ code: expect.any(String) as string });
  });

  test('a page of another origin may ask for a token', async () => {
    await using fake = await start();
    const origin = 'http://app.test:5173';
    const preflight = await ask(fake.urls.reson8.token, { method: 'OPTIONS', headers: { origin } });

    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization');

    for (const key of ['some-key', 'invalid-key']) {
      const { headers } = await post(fake, { origin, authorization: `ApiKey ${key}` });
      expect(headers['access-control-allow-origin']).toBe('*');
    }
  });

  test('in the edition 2026-08 a refusal is problem details', async () => {
    await using fake = await start({ editions: { reson8: '2026-08' } });
    const { status, headers, text } = await post(fake, { authorization: 'ApiKey invalid-key' });

    expect([status, headers['content-type']]).toEqual([
      401,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(JSON.parse(text)).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  test('an edition that does not exist is refused with 400 in the form of Reson8', async () => {
    await using fake = await start();
    const answer = await ask(`${fake.urls.reson8.token}?edition=2031-01`, {
      method: 'POST',
      headers: { authorization: 'ApiKey some-key' },
    });

    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test.each(['/v1/', '/v1/auth', '/v1/auth/tokens', '/v1/models'])(
    '%s is answered with 404 in the form of Reson8',
    async (path) => {
      await using fake = await start();
      const { status, json } = await ask(`${fake.urls.url}${path}`, { method: 'POST' });
      expect([status, json]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })]);
    },
  );
});

describe('an access token of Reson8', () => {
  const SOCKETS = ['realtime', 'turns'] as const;

  test.each(SOCKETS)('R8-TOK-002 opens %s as Bearer and as subprotocol until it expires', async (socket) => {
    await using fake = await start({ keys: ['some-key'] });
    const url = fake.urls.reson8[socket];
    const token = await tokenFor(fake, 'some-key');
    await fake.clock.advance(LIFETIME_MS - 1);
    await using first = await opened(url, bearer(token));
    await using second = connect(url, { protocols: ['bearer', token] });
    await second.open;
    await fake.clock.advance(1);

    expect(await statusOf(url, bearer(token))).toBe(401);

    await using late = connect(url, { protocols: ['bearer', token] });
    expect((await late.refused).status).toBe(401);

    const [refusal] = fake.refusals;
    expect(refusal?.body).toMatchObject({ code: 'UNAUTHORIZED' });
    // Open sessions continue.
    expect(fake.sessions.map(({ isWritable }) => isWritable)).toEqual([true, true]);

    for (const client of [first, second]) {
      client.close();
      expect(await client.closed).toMatchObject({ code: 1000 });
    }
    const next = await tokenFor(fake, 'some-key');
    expect(next).not.toBe(token);

    await using third = await opened(url, bearer(next));
    third.close();
  });

  test.each(SOCKETS)(
    'is refused by %s as ApiKey, if it was tampered with, or from another server',
    async (socket) => {
      // Without --key any text is a key, but an invalid token must not count as one.
      await using fake = await start();
      await using other = await start({ seed: 2 });
      const url = fake.urls.reson8[socket];
      const token = await tokenFor(fake, 'some-key');
      const tampered = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`;
      const foreign = await tokenFor(other, 'some-key');

      expect(await statusOf(url, { authorization: `ApiKey ${token}` })).toBe(401);
      expect(await statusOf(url, bearer(tampered))).toBe(401);
      expect(await statusOf(url, bearer('understudy.'))).toBe(401);
      expect(await statusOf(url, bearer(foreign))).toBe(401);

      await using client = await opened(url, bearer(token));
      client.close();
    },
  );

  test('cannot be exchanged for another token', async () => {
    await using fake = await start();
    const token = await tokenFor(fake, 'some-key');

    expect((await post(fake, { authorization: `ApiKey ${token}` })).status).toBe(401);
    expect((await post(fake, bearer(token))).status).toBe(401);
  });

  test('is accepted by another server with the same seed and keys, even after a reset', async () => {
    const options = { clock: 'real', seed: 7, keys: ['some-key'] } as const;
    await using one = await start(options);
    await using two = await start(options);
    await using without = await start({ ...options, keys: ['another-key'] });
    const token = await tokenFor(one, 'some-key');
    await one.reset();
    for (const fake of [one, two]) {
      await using client = await opened(fake.urls.reson8.realtime, bearer(token));
      client.close();
    }

    expect(await statusOf(without.urls.reson8.realtime, bearer(token))).toBe(401);
  });

  test('counts as its key for assignments, scenarios and tests that wait for a client', async () => {
    await using fake = await start();
    fake.assign('some-key', 'no-credits');
    const url = fake.urls.reson8.realtime;

    expect(await statusOf(url, bearer(await tokenFor(fake, 'some-key')))).toBe(402);
    expect(await fake.nextRefusal({ token: 'some-key' })).toMatchObject({ status: 402 });

    await using client = await opened(url, bearer(await tokenFor(fake, 'other-key')));
    expect(await fake.nextSession({ token: 'other-key' })).toMatchObject({ isOpen: true });

    client.close();
  });

  test('is not in the journal, which has a stand-in of its key', async () => {
    const seen: unknown[] = [];
    await using fake = await start({ onEvent: (event) => void seen.push(event) });
    const token = await tokenFor(fake, 'quite-secret-key');
    const url = fake.urls.reson8.realtime;
    await using client = await opened(url, bearer(token));
    const session = await fake.nextSession();
    client.close();
    await session.received('close');
    await fake.clock.advance(LIFETIME_MS);

    expect(await statusOf(url, bearer(token))).toBe(401);

    const events = fake.journal.ids.map((id) => fake.journal.events(id));
    const call = fake.journal.ids.find((id) =>
      JSON.stringify(fake.journal.events(id)).includes('auth/token'),
    );
    const request = fake.journal.events(call ?? '').find(({ kind }) => kind === 'request');
    const [standIn = 'none'] = /redacted-\d+/.exec(JSON.stringify(request)) ?? [];
    const note = { kind: 'note', message: `The access token was made from the key ${standIn}` };

    expect(session.trace()).toContainEqual(expect.objectContaining(note));
    expect(fake.refusals[0]?.trace()).toContainEqual(expect.objectContaining(note));

    const all = JSON.stringify([events, seen, fake.refusals]);
    expect(all).not.toContain(token);
    expect(all).not.toContain('quite-secret-key');
  });

  test('is not an access token to Scriptix', async () => {
    await using fake = await start({ keys: ['some-key'] });
    const token = await tokenFor(fake, 'some-key');
    expect(await statusOf(`${fake.urls.scriptix.realtime}?token=${token}`, {})).toBe(401);
  });
});

test('tokens differ by key and time, and can hold any key', () => {
  let nowMs = 1_700_000_000_000;
  const tokens = newTokens(
    1,
    () => 'admin',
    () => nowMs,
  );
  const keys = ['a', 'b', 'a'.repeat(300), 'sleutel-ü-🔑', 'understudy.x'];
  const made = keys.map((key) => tokens.issue(key));

  expect(new Set(made).size).toBe(keys.length);
  expect(made.map((token) => tokens.read(token))).toEqual(keys.map((key) => ({ key, isExpired: false })));

  nowMs += 1;
  expect(tokens.issue('a')).not.toBe(made[0]);
  expect(tokens.read('a')).toBeUndefined();

  // Any changed character breaks the signature.
  const [token = ''] = made;
  for (let i = 'understudy.'.length; i < token.length - 1; i++) {
    const other = `${token.slice(0, i)}${token[i] === 'A' ? 'B' : 'A'}${token.slice(i + 1)}`;
    expect(tokens.read(other)).toBe('forged');
  }
});
