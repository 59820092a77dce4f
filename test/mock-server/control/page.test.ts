import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { ask } from '../../support/clients/ask.ts';
import { control } from '../../support/clients/control.ts';
import { fixtureFile } from '../../support/audio.ts';
import { REPOSITORY } from '../../support/programs/cli.ts';

/** What a browser loads before it can show anything. */
const FIRST = ['index.html', 'page.css', 'app.js'];
const MOST_FIRST_BYTES = 40 * 1024;

const BROWSER = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

describe('the live page', () => {
  it('is at its address, with a policy that lets it load nothing from elsewhere', async () => {
    await using fake = await startMockServer();
    const { status, headers, text } = await ask(`${fake.urls.control}/`);

    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toBe(await readFile(join(REPOSITORY, 'dist/page/index.html'), 'utf8'));
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('is where the root redirects browsers, and no other clients', async () => {
    await using fake = await startMockServer();
    const browser = await ask(`${fake.urls.url}/`, BROWSER);
    const bare = await ask(fake.urls.control, BROWSER);
    const client = await ask(`${fake.urls.url}/`);
    const posted = await ask(`${fake.urls.url}/`, { ...BROWSER, method: 'POST' });

    expect([browser.status, browser.headers.location]).toEqual([302, '/__understudy/']);
    expect([bare.status, bare.headers.location]).toEqual([302, '/__understudy/']);
    expect([client.status, posted.status]).toEqual([404, 404]);
    // Redirects of browsers do not count as calls of clients.
    expect(fake.journal.ids).toHaveLength(2);
  });

  it('serves its files by name, compressed for clients that accept it', async () => {
    await using fake = await startMockServer();
    for (const [name, type] of [
      ['page.css', 'text/css; charset=utf-8'],
      ['app.js', 'text/javascript; charset=utf-8'],
      ['worklet.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const plain = await ask(`${fake.urls.control}/page/${name}`);
      expect([name, plain.status, plain.headers['content-type']]).toEqual([name, 200, type]);
      expect(plain.text).toBe(await readFile(join(REPOSITORY, 'dist/page', name), 'utf8'));
    }
    const packed = await fetch(`${fake.urls.control}/page/app.js`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    const spoken = await fetch(`${fake.urls.control}/page/en-appointment.wav`);

    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(new Uint8Array(await spoken.arrayBuffer())).toEqual(
      new Uint8Array(fixtureFile('en-appointment.wav')),
    );
  });

  it.each(['page/other.js', 'page/..%2f..%2fpackage.json', 'page/', 'page/index.html/x', 'page/__proto__'])(
    'has nothing at %s',
    async (path) => {
      await using fake = await startMockServer();

      expect((await control(fake, `GET ${path}`)).status).toBe(404);
    },
  );

  it('is small: the limit applies to everything that a browser loads first', async () => {
    const files = await Promise.all(FIRST.map((name) => readFile(join(REPOSITORY, 'dist/page', name))));
    const bytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0);

    expect(bytes).toBeGreaterThan(5000);
    expect(bytes).toBeLessThanOrEqual(MOST_FIRST_BYTES);
  });

  it('is served without the token, but its calls need it', async () => {
    await using fake = await startMockServer({ controlToken: 'open-sesame', host: '0.0.0.0' });

    expect((await control(fake, 'GET ')).status).toBe(200);
    expect((await control(fake, 'GET page/app.js')).status).toBe(200);

    for (const path of [
      'sessions',
      'events',
      'scenarios',
      'sessions/s1/trace',
      'sessions/page.js',
      'page.css',
    ])
      expect([path, (await control(fake, `GET ${path}`)).status]).toEqual([path, 401]);
  });

  it('is off without the control API, and can be turned off', async () => {
    await using open = await startMockServer({ host: '0.0.0.0' });
    await using without = await startMockServer({ page: false });

    expect((await control(open, 'GET ')).status).toBe(403);
    expect((await control(open, 'GET page/app.js')).status).toBe(403);

    for (const path of ['', 'page/app.js']) expect((await control(without, `GET ${path}`)).status).toBe(404);
    for (const fake of [open, without]) expect((await ask(`${fake.urls.url}/`, BROWSER)).status).toBe(404);
  });
});
