import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startMockServer, type MockServer } from '../../../../src/index.ts';
import { MODEL_LIMITS, newModels } from '../../../../src/mock-server/rest/reson8/models.ts';
import { bursts, fixture, wav } from '../../../support/audio.ts';
import { ask, type Answer } from '../../../support/clients/ask.ts';
import { connect } from '../../../support/clients/client.ts';
import { finalsOf, recognise } from '../../../support/reson8.ts';

let fake: MockServer;
beforeAll(async () => {
  fake = await startMockServer();
});
beforeEach(() => fake.reset());
afterAll(() => fake.stop());

const MINE = { authorization: 'ApiKey some-key' };
const NAMES = ['Understudy', 'Van der Meer'];

function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = MINE,
): Promise<Answer> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return ask(`${fake.urls.url}/v1/custom-model${path}`, { method, headers, ...sent });
}

async function create(phrases: readonly string[] = NAMES, more: object = {}): Promise<string> {
  const { status, json } = await call('POST', '', { name: 'Names', description: 'People', phrases, ...more });
  expect(status).toBe(201);
  return (json as { id: string }).id;
}

describe('a custom model', () => {
  test('is created, listed and shown', async () => {
    const created = await call('POST', '', { name: 'Names', description: 'People', phrases: NAMES });
    expect([created.status, created.json]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        name: 'Names',
        description: 'People',
        phraseCount: 2,
      },
    ]);

    const { id } = created.json as { id: string };
    expect((await call('GET', '')).json).toEqual([created.json]);
    expect((await call('GET', `/${id}`)).json).toEqual(created.json);
  });

  test('has its phrases listed page by page', async () => {
    const id = await create(Array.from({ length: 250 }, (_, i) => `phrase ${i}`));
    const page = async (query: string) => (await call('GET', `/${id}/phrases${query}`)).json;

    expect(await page('')).toMatchObject({ page: 0, size: 100, total: 250 });
    expect(await page('?page=2')).toMatchObject({ page: 2, size: 100, total: 250 });
    expect(((await page('?page=2')) as { phrases: unknown[] }).phrases).toHaveLength(50);
    expect(await page('?page=100&size=2')).toMatchObject({
      phrases: [{ value: 'phrase 200' }, { value: 'phrase 201' }],
    });
    expect(await page('?page=9')).toMatchObject({ phrases: [], total: 250 });

    for (const wrong of ['?page=-1', '?size=0', '?size=10001', '?size=many']) {
      expect((await call('GET', `/${id}/phrases${wrong}`)).status).toBe(400);
    }
  });

  test('keeps each phrase once, and removes it once', async () => {
    const id = await create();
    const added = await call('POST', `/${id}/phrases`, {
      phrases: ['Scriptix', 'Understudy', { value: 'Reson8' }],
    });
    expect([added.status, added.json]).toEqual([200, { added: 2, skipped: 1 }]);

    const deleted = await call('POST', `/${id}/phrases/delete`, {
      phrases: ['Scriptix', 'Scriptix', 'nobody'],
    });
    expect([deleted.status, deleted.json]).toEqual([200, { deleted: 1, skipped: 2 }]);
    expect((await call('GET', `/${id}/phrases`)).json).toMatchObject({
      phrases: ['Understudy', 'Van der Meer', 'Reson8'].map((value) => ({ value })),
      total: 3,
    });
    expect((await call('GET', `/${id}`)).json).toMatchObject({ phraseCount: 3 });
  });

  test('is visible only with its own key or a token of that key', async () => {
    const id = await create();
    expect((await call('GET', `/${id}`, undefined, { authorization: 'ApiKey other' })).status).toBe(404);
    expect((await call('GET', '', undefined, { authorization: 'ApiKey other' })).json).toEqual([]);

    const { json } = await ask(fake.urls.reson8.token, { method: 'POST', headers: MINE });
    const bearer = { authorization: `Bearer ${(json as { access_token: string }).access_token}` };
    expect((await call('GET', `/${id}`, undefined, bearer)).status).toBe(200);
  });

  test('is forgotten by a reset of the service and no other, and ids start over', async () => {
    const id = await create();
    await fake.reset({ journal: true });
    expect((await call('GET', `/${id}`)).status).toBe(200);

    await ask(`${fake.urls.control}/reset`, { method: 'POST', body: '{"service":true}' });
    expect((await call('GET', `/${id}`)).status).toBe(404);
    expect(await create()).toBe(id);
  });

  test('may have an id that the client chooses, if it is not taken', async () => {
    expect(await create(NAMES, { id: 'my.model-1' })).toBe('my.model-1');
    expect((await call('POST', '', { id: 'my.model-1', name: 'x', phrases: ['y'] })).status).toBe(400);
  });

  test.each([
    ['without a name', { phrases: ['x'] }, 'name'],
    ['with an empty name', { name: '', phrases: ['x'] }, 'name'],
    ['with a number as its description', { name: 'x', description: 1, phrases: ['x'] }, 'description'],
    ['without phrases', { name: 'x' }, 'phrases'],
    ['with an empty list of phrases', { name: 'x', phrases: [] }, 'phrases'],
    ['with a blank phrase', { name: 'x', phrases: [' '] }, 'phrases'],
    ['with a long phrase', { name: 'x', phrases: ['x'.repeat(201)] }, 'phrases'],
    ['with a slash in its id', { name: 'x', phrases: ['x'], id: 'a/b' }, 'id'],
    ['with a list as its body', [], 'name'],
  ])('%s is refused with 400', async (_what, body, field) => {
    const { status, json } = await call('POST', '', body);
    expect([status, json]).toEqual([
      400,
      { code: 'INVALID_REQUEST', message: expect.stringContaining(field) as string },
    ]);
  });

  test('that is not JSON is refused with 400, after the credential', async () => {
    const url = `${fake.urls.url}/v1/custom-model`;
    expect(await ask(url, { method: 'POST', headers: MINE, body: '{' })).toMatchObject({
      status: 400,
      json: { code: 'INVALID_REQUEST', message: 'The body is not JSON' },
    });
    expect((await ask(url, { method: 'POST', body: '{' })).status).toBe(401);
  });

  test.each([
    ['GET', ''],
    ['GET', '/phrases'],
    ['POST', '/phrases'],
    ['POST', '/phrases/delete'],
  ])('with an unknown id is answered with 404 for %s …%s', async (method, path) => {
    const { status, json } = await call(
      method,
      `/none${path}`,
      method === 'GET' ? undefined : { phrases: ['x'] },
    );

    expect([status, json]).toMatchObject([404, { code: 'NOT_FOUND' }]);
    expect((await call(method, `/none${path}`, undefined, {})).status).toBe(401);
  });

  test('cannot be deleted: other methods are answered with 405', async () => {
    const id = await create();
    expect((await call('DELETE', `/${id}`)).status).toBe(405);
  });
});

test('custom models have limits', () => {
  const models = newModels(1);
  const make = (phrases: readonly string[]) => models.create('key', { name: 'x', description: '' }, phrases);
  const many = Array.from({ length: MODEL_LIMITS.phrases }, (_, i) => String(i));
  const first = make(many);
  if (typeof first === 'string') throw new Error(first);

  expect(make(['one more'])).toBe('full');
  expect(models.add(first, ['one more'])).toBe('full');
  expect(models.add(first, ['1'])).toEqual({ changed: 0, skipped: 1 });
  expect(models.remove(first, many.slice(1))).toEqual({ changed: many.length - 1, skipped: 0 });

  for (let i = 1; i < MODEL_LIMITS.models; i += 1) expect(make(['x'])).not.toBe('full');
  expect(make(['x'])).toBe('full');
  expect(models.list('key')).toHaveLength(MODEL_LIMITS.models);
});

describe('custom_model_id', () => {
  const speech = wav(bursts(4000, 1000, 4000));
  const texts = async (query: string) =>
    finalsOf(await recognise(fake.urls.reson8.realtime, query, speech))
      .map(({ text }) => text)
      .join(' ');
  const recorded = (query: string, body: Uint8Array = speech) =>
    ask(`${fake.urls.reson8.prerecorded}?${query}`, { method: 'POST', headers: MINE, body });

  test.each(['documents', '2026-08'])(
    'has its phrases spoken now and then, always the same ones (%s)',
    async (edition) => {
      const query = `edition=${edition}&custom_model_id=${await create()}`;
      const text = await texts(query);
      for (const name of NAMES) expect(text).toContain(name);

      expect(await texts(query)).toBe(text);
      expect((await recorded(query)).json).toEqual({ text });

      const without = await texts(`edition=${edition}`);
      for (const name of NAMES) expect(without).not.toContain(name);
    },
  );

  test('does not change the words of a known recording', async () => {
    const { file, text } = fixture('en-appointment.wav');
    expect((await recorded(`custom_model_id=${await create()}`, file)).json).toEqual({ text });
  });

  test('has no effect if it is empty', async () => {
    expect(await texts('custom_model_id=')).toBe(await texts(''));
  });

  test.each(['realtime', 'turns'] as const)(
    'that is unknown is refused with 400 on the socket %s',
    async (socket) => {
      await create();
      await using client = connect(`${fake.urls.reson8[socket]}?custom_model_id=none`, { headers: MINE });
      const { status, body } = await client.refused;

      expect([status, JSON.parse(body)]).toMatchObject([400, { code: 'INVALID_REQUEST' }]);

      await using other = connect(`${fake.urls.reson8[socket]}?custom_model_id=${await create()}`, {
        headers: { authorization: 'ApiKey other' },
      });
      expect((await other.refused).status).toBe(400);
    },
  );

  test('is accepted on the socket for turns', async () => {
    await using client = connect(`${fake.urls.reson8.turns}?custom_model_id=${await create()}`, {
      headers: MINE,
    });
    await client.open;
  });

  test('that is unknown is refused with 400 for a recording', async () => {
    expect(await recorded('custom_model_id=none')).toMatchObject({
      status: 400,
      json: { code: 'INVALID_REQUEST' },
    });
  });
});
