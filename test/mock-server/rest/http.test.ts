import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startMockServer } from '../../../src/index.ts';
import { errorBody } from '../../../src/protocol/scriptix/rest.ts';
import { ask } from '../../support/clients/ask.ts';
import { initialize, KEY, status } from '../../support/scriptix/api.ts';

const asleep = () => startMockServer({ clock: 'manual', service: { status: 'scaled_down', startMs: 0 } });

describe('HTTP requests to the fake of Scriptix', () => {
  test.each([
    ['initialize', 'GET'],
    ['initialize', 'PUT'],
    ['initialize', 'DELETE'],
    ['status', 'POST'],
    ['status', 'PATCH'],
    ['status', 'DELETE'],
  ])('%s with %s is answered with 405 and the allowed methods', async (call, method) => {
    await using fake = await asleep();
    const {
      status: code,
      headers,
      json,
    } = await ask(`${fake.urls.scriptix.api}/${call}`, { method, headers: KEY });
    expect(code).toBe(405);

    const allow = (headers.allow ?? '').split(/, */);
    expect(allow).toContain(call === 'initialize' ? 'POST' : 'GET');
    expect(allow).not.toContain(method);
    expect(errorBody.safeParse(json).success).toBe(true);
    expect(fake.service.status).toBe('scaled_down');
  });

  test('HEAD of status has the headers of GET and no body', async () => {
    await using fake = await startMockServer();
    const head = await ask(`${fake.urls.scriptix.api}/status`, { method: 'HEAD', headers: KEY });
    const get = await status(fake);

    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
  });

  test.each(['initialize', 'status'])('OPTIONS of %s needs no key and starts nothing', async (call) => {
    await using fake = await asleep();
    const { status: code } = await ask(`${fake.urls.scriptix.api}/${call}`, { method: 'OPTIONS' });

    expect([200, 204]).toContain(code);
    expect(fake.service.status).toBe('scaled_down');
  });

  test.each([
    ['initialize', 'POST'],
    ['status', 'GET'],
  ])('a page of another origin may call %s', async (call, method) => {
    await using fake = await startMockServer();
    const origin = 'http://app.test:5173';
    const preflight = await ask(`${fake.urls.scriptix.api}/${call}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type,x-zoom-s2t-key',
      },
    });

    expect([200, 204]).toContain(preflight.status);

    const allowed = (name: string) => String(preflight.headers[name] ?? '').toLowerCase();
    expect(['*', origin]).toContain(allowed('access-control-allow-origin'));
    expect(allowed('access-control-allow-methods')).toContain(method.toLowerCase());
    expect(allowed('access-control-allow-headers')).toContain('x-zoom-s2t-key');
    expect(allowed('access-control-allow-headers')).toContain('content-type');
    // A page may also use headers to choose a scenario.
    expect(allowed('access-control-allow-headers')).toContain('x-understudy-scenario');
    expect(allowed('access-control-allow-headers')).toContain('x-understudy-edition');

    // The page must be able to read refusals, too.
    for (const headers of [{ ...KEY, origin }, { origin }]) {
      const answer = await ask(`${fake.urls.scriptix.api}/${call}`, { method, headers });
      expect(['*', origin]).toContain(answer.headers['access-control-allow-origin']);
    }
  });

  test.each([
    '/',
    '/api/v4/realtime',
    '/api/v4/realtime/initialise',
    '/api/v4/realtime/status/x',
    '/favicon.ico',
  ])('%s is answered with 404 and JSON', async (path) => {
    await using fake = await startMockServer();
    const { status: code, json } = await ask(`${fake.urls.url}${path}`, { headers: KEY });

    expect(code).toBe(404);
    expect(errorBody.safeParse(json).success).toBe(true);
  });

  test.each(['/%', '/api/v4/realtime/%ff', '/api/v4/realtime/status/%2e%2e', '//', '/%00'])(
    '%s is answered with 400 or 404, without a stack trace',
    async (path) => {
      await using fake = await startMockServer();
      const { status: code, text, json } = await ask(`${fake.urls.url}${path}`, { headers: KEY });

      expect([400, 404]).toContain(code);
      expect(errorBody.safeParse(json).success).toBe(true);
      expect(text).not.toMatch(/at .*\.(ts|js)|node_modules/);
    },
  );

  test.each(['/v2/realtime', '/v2/realtime?token=x', '/v2/client/x?url=y'])(
    'a plain GET of %s is answered with 426',
    async (path) => {
      await using fake = await startMockServer();
      const { status: code, headers } = await ask(`${fake.urls.url}${path}`);

      expect(code).toBe(426);
      expect(headers.upgrade).toMatch(/websocket/i);
    },
  );

  test('a huge body is refused with 413, and the service continues to work', async () => {
    await using fake = await startMockServer();
    const huge = new Uint8Array(20 * 2 ** 20);
    const answer = ask(`${fake.urls.scriptix.api}/initialize`, {
      method: 'POST',
      headers: { ...KEY, 'content-type': 'application/json' },
      body: huge,
    });
    // The server may hang up before everything was sent, which this client may notice first.
    const code = await answer.then(
      (refused) => refused.status,
      (error: unknown) => (error as { code: string }).code,
    );

    expect([413, 'EPIPE', 'ECONNRESET']).toContain(code);
    expect((await status(fake)).status).toBe(200);
  });

  test('a body that is announced as huge is refused with 413 before it arrives', async () => {
    await using fake = await startMockServer();
    const code = await new Promise((resolve, reject) => {
      const asking = request(
        `${fake.urls.scriptix.api}/initialize`,
        {
          method: 'POST',
          headers: { ...KEY, 'content-type': 'application/json', 'content-length': 2 ** 30 },
        },
        (response) => {
          resolve(response.statusCode);
          asking.destroy();
        },
      );
      asking.on('error', reject);
      asking.write('{');
    });

    expect(code).toBe(413);
  });

  test('SX-REST-009 over TLS the endpoint is wss', async () => {
    await using fake = await startMockServer({ tls: true });

    expect(fake.urls.scriptix.api).toMatch(/^https:/);
    expect((await initialize(fake)).json).toMatchObject({ endpoint: fake.urls.scriptix.realtime });
    expect(fake.urls.scriptix.realtime).toMatch(/^wss:/);
  });
});
