import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMockServer, type MockServer, type MockServerOptions } from '../../../../src/index.ts';
import { fixture } from '../../../support/audio.ts';
import { ask, type Answer } from '../../../support/clients/ask.ts';
import { connect } from '../../../support/clients/client.ts';

/** How a scenario for calls is chosen, and how its answers are sent. */

const AUDIO = fixture('en-appointment.wav').pcm.subarray(0, 32 * 1000);
const KEY = { authorization: 'ApiKey some-key' };

const start = (options: MockServerOptions = {}) => startMockServer({ clock: 'manual', ...options });

/** The parts of a request that may choose a scenario. */
interface Choice {
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

function transcribe(fake: MockServer, { query = '', headers = KEY }: Choice = {}): Promise<Answer> {
  const url = `${fake.urls.reson8.prerecorded}?encoding=pcm_s16le${query}`;
  return ask(url, { method: 'POST', headers, body: AUDIO });
}

function token(fake: MockServer, headers: Record<string, string> = KEY, body?: string): Promise<Answer> {
  return ask(fake.urls.reson8.token, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
}

const tokenIn = ({ json }: Answer) => (json as { access_token: string }).access_token;

describe('a scenario of calls is chosen', () => {
  test.each<[string, Choice]>([
    ['by the query', { query: '&scenario=no-credits' }],
    ['by a header', { headers: { ...KEY, 'x-understudy-scenario': 'no-credits' } }],
    ['by a key that is its name', { headers: { authorization: 'ApiKey no-credits' } }],
    ['by a key that is its name, as Bearer', { headers: { authorization: 'Bearer no-credits' } }],
    ['by an assignment', { headers: { authorization: 'ApiKey poor-key' } }],
  ])('%s', async (_how, choice) => {
    await using fake = await start();
    fake.assign('poor-key', 'no-credits');

    expect((await transcribe(fake, choice)).status).toBe(402);
    expect((await transcribe(fake)).status).toBe(200);
  });

  test('for all clients that choose none', async () => {
    await using fake = await start({ scenario: 'reson8-rest/no-credits' });
    expect((await transcribe(fake)).status).toBe(402);

    // Only calls get it, although there is a scenario of the same name for a socket.
    await using client = connect(fake.urls.reson8.realtime, { headers: KEY });
    await client.open;
    client.close();
  });

  test('by the key that an access token was made from', async () => {
    await using fake = await start();
    fake.assign('poor-key', 'no-credits');
    const headers = {
      authorization: `Bearer ${tokenIn(await token(fake, { authorization: 'ApiKey poor-key' }))}`,
    };

    expect((await transcribe(fake, { headers })).status).toBe(402);
  });

  test('by the key in a form', async () => {
    await using fake = await start();
    fake.assign('poor-key', 'token-refused');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'grant_type=client_credentials&client_id=me&client_secret=poor-key';

    expect((await token(fake, form, body)).status).toBe(401);
    expect((await token(fake)).status).toBe(200);
  });

  test('never by an unknown name, which is a 400', async () => {
    await using fake = await start();
    const { status, json } = await transcribe(fake, { query: '&scenario=no-credit' });

    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(JSON.stringify(json)).toContain('did you mean \\"no-credits\\"?');
  });
});

test('each key gets the answers from the first one on, and a reset starts them over', async () => {
  await using fake = await start({ scenario: 'reson8-rest/recording-breaks' });
  const statuses = async (key: string) => {
    const headers = { authorization: `ApiKey ${key}` };
    return [(await transcribe(fake, { headers })).status, (await transcribe(fake, { headers })).status];
  };
  expect(await statuses('first')).toEqual([500, 200]);
  expect(await statuses('second')).toEqual([500, 200]);
  expect(await statuses('first')).toEqual([200, 200]);

  await fake.reset();
  expect(await statuses('first')).toEqual([500, 200]);
});

describe('the calls about custom models', () => {
  const NO = 'custom-model: [as-documented, { status: 429, body: { code: NO, message: No } }, as-documented]';
  let folder: string;
  let scenario: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'understudy-'));
    scenario = join(folder, 'models.yaml');
    await writeFile(scenario, `dialect: reson8-rest\nsummary: x\nserver:\n  ${NO}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const models = (fake: MockServer, path = '', body?: unknown, headers: Record<string, string> = KEY) =>
    ask(`${fake.urls.reson8.api}/custom-model${path}`, {
      headers,
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });

  test('are counted together, whatever they ask for, also with an access token', async () => {
    await using fake = await start({ scenario });
    const made = await models(fake, '', { name: 'Names', phrases: ['Jansen'] });
    const { id } = made.json as { id: string };
    const bearer = { authorization: `Bearer ${tokenIn(await token(fake))}` };
    const refused = await models(fake, `/${id}/phrases`, { phrases: ['De Vries'] }, bearer);
    const phrases = await models(fake, `/${id}/phrases`);

    expect([made.status, refused.status, phrases.status]).toEqual([201, 429, 200]);
    expect(refused.json).toEqual({ code: 'NO', message: 'No' });
    // The refused call had no effect.
    expect(phrases.json).toMatchObject({ phrases: [{ value: 'Jansen' }], total: 1 });
  });

  test('do not count if the method or the path is unknown', async () => {
    await using fake = await start({ scenario });
    const statuses = [
      (await ask(`${fake.urls.reson8.api}/custom-model`, { method: 'DELETE', headers: KEY })).status,
      (await models(fake, '/some/other/path')).status,
      (await models(fake)).status,
      (await models(fake)).status,
    ];
    expect(statuses).toEqual([405, 404, 200, 429]);
  });
});

test('the same key at both services gets the answers of both scenarios', async () => {
  await using fake = await start({
    scenario: ['scriptix-rest/status-breaks', 'reson8-rest/recording-breaks'],
  });
  const status = () => ask(`${fake.urls.scriptix.api}/status`, { headers: { 'x-zoom-s2t-key': 'some-key' } });

  expect((await transcribe(fake)).status).toBe(500);
  expect((await status()).status).toBe(500);
  // The call to the other service did not start the answers over.
  expect((await transcribe(fake)).status).toBe(200);
});

test('in the edition 2026-08 a refusal by a scenario has problem details', async () => {
  await using fake = await start({ scenario: 'reson8-rest/no-credits', editions: { reson8: '2026-08' } });
  const { status, headers, text } = await transcribe(fake);

  expect(status).toBe(402);
  expect(headers['content-type']).toContain('application/problem+json');
  expect(JSON.parse(text)).toEqual({
    type: 'about:blank',
    title: 'Payment Required',
    status: 402,
    detail: 'No credits left',
    code: 'payment_required',
  });
});

describe('a scenario that names an edition', () => {
  const OLD = 'application/json';
  const NEW = 'application/problem+json';
  const path = (folder: string) => join(folder, 'poor.yaml');
  const file = ['dialect: reson8-rest', 'edition: 2026-08', 'summary: x', 'server:', '  prerecorded:'];
  const answers = ['    - status: 402', '      body: { code: PAYMENT_REQUIRED, message: Poor }'];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'understudy-'));
    await writeFile(path(folder), [...file, ...answers, '    - as-documented', ''].join('\n'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each<[string, MockServerOptions, Choice, string]>([
    ['instead of that of the server', { editions: { reson8: 'documents' } }, {}, NEW],
    ['unless the query names one', {}, { query: '&edition=documents' }, OLD],
    ['unless a header names one', {}, { headers: { ...KEY, 'x-understudy-edition': 'documents' } }, OLD],
  ])('answers in that edition, %s', async (_where, options, choice, type) => {
    await using fake = await start({ ...options, scenario: path(folder) });
    const { status, headers } = await transcribe(fake, choice);

    expect(status).toBe(402);
    expect(headers['content-type']).toContain(type);
  });

  test('also has the answers that it leaves to the service in that edition', async () => {
    await using fake = await start({ scenario: path(folder) });
    await transcribe(fake);
    const { status, headers } = await transcribe(fake, { query: '&sample_rate=0' });

    expect(status).toBe(400);
    expect(headers['content-type']).toContain(NEW);
  });
});

test('a page of another origin may read Retry-After', async () => {
  await using fake = await start({ scenario: 'reson8-rest/rate-limited' });
  const { status, headers } = await transcribe(fake, { headers: { ...KEY, origin: 'http://app.example' } });

  expect(status).toBe(429);
  expect(headers['retry-after']).toBe('10');
  expect(headers['access-control-expose-headers']).toContain('retry-after');
});

test('an answer that is cut off is in the trace as far as it was sent', async () => {
  await using fake = await start({ scenario: 'reson8-rest/transcript-cut-short' });
  await expect(transcribe(fake)).rejects.toThrow('aborted');

  const events = () => fake.journal.ids.flatMap((id) => fake.journal.events(id));
  await expect
    .poll(events)
    .toContainEqual(
      expect.objectContaining({ kind: 'response', status: 200, body: '{"text":"half of what wa' }),
    );
});

describe('a scenario file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'understudy-calls-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('can have placeholders in its answers for values of the request', async () => {
    const file = join(folder, 'elsewhere.yaml');
    await writeFile(
      file,
      `dialect: reson8-rest
summary: The answer names what was asked for
server:
  prerecorded: [{ status: 422, headers: { X-Encoding: '{query.encoding}' }, body: { code: NO, message: 'not {query.encoding} on {port}' } }]
`,
    );
    await using fake = await start({ scenario: file });
    const { status, headers, json } = await transcribe(fake);

    expect(status).toBe(422);
    expect(headers['x-encoding']).toBe('pcm_s16le');
    expect(json).toEqual({ code: 'NO', message: `not pcm_s16le on ${new URL(fake.urls.reson8.api).port}` });
  });
});
