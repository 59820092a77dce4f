import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openSource } from '../../../src/audio/sources/open.ts';
import { all, options, site, type Site } from './support.ts';

/** Everything that can go wrong with a URL, by the paths of a site that repeats the query in its answers. */
let server: Site;

beforeAll(async () => {
  server = await site((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const segment = (uri: string) =>
      `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,${query}\n${uri}\n#EXT-X-ENDLIST`;
    const to = (location: string) => response.writeHead(302, { location }).end();
    const status = Number(path.slice(1));
    if (status > 0) response.writeHead(status, query.slice(0, 20)).end(query);
    else if (path === '/loop') to(`/loop?${query}`);
    else if (path === '/private') to(`http://10.0.0.5/a?${query}`);
    else if (path === '/scheme') to(`ftp://${query}@h/?${query}`);
    else if (path === '/broken') to(`http://[${query}`);
    else if (path === '/cut')
      response.writeHead(200, { 'content-length': 10 }).write('x', () => response.destroy());
    else if (path === '/reset') request.socket.resetAndDestroy();
    else if (path === '/page')
      response.writeHead(200, { 'content-type': query.slice(0, 20) }).end(`<html>${query}`);
    else if (path === '/wav') response.end('RIFF....WAVEfmt');
    else if (path === '/list') response.end(segment(`none?${query}`));
    else if (path === '/list-private')
      response.end(segment(`http://${query.slice(0, 5)}@10.0.0.5/?${query}`));
    else if (path === '/list-broken') response.end(`#EXTM3U\n${query}\n`);
    else if (path === '/list-key')
      response.end(`#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${query}"\n${segment('a').slice(8)}`);
    else response.writeHead(404).end(query);
  });
});

afterAll(() => server[Symbol.asyncDispose]());

const PATHS = [
  '/401',
  '/403',
  '/404',
  '/500',
  '/loop',
  '/private',
  '/scheme',
  '/broken',
  '/cut',
  '/reset',
  '/page',
  '/wav',
  '/list',
  '/list-private',
  '/list-broken',
  '/list-key',
];

const WHERE = [
  (path: string, user: string, secret: string) =>
    `http://${user}:${secret}@127.0.0.1:${server.port}${path}?sig=${secret}`,
  (path: string, user: string, secret: string) =>
    `http://${secret}@127.0.0.1:${server.port}${path}?${user}=${secret}#${secret}`,
  (path: string, user: string, secret: string) => `http://${user}:${secret}@10.0.0.5${path}?${secret}`,
  (path: string, user: string, secret: string) =>
    `https://${user}:${secret}@127.0.0.1:${server.port}${path}?${secret}`,
  (path: string, user: string, secret: string) => `http://${user}:${secret}@[${path}?sig=${secret}`,
  (path: string, user: string, secret: string) => `${secret}:${user}@host${path}`,
  (path: string, user: string, secret: string) => `ftp://${user}:${secret}@host${path}?${secret}`,
  (_path: string, user: string, secret: string) => `${secret} ${user}`,
];

it('the query and the credentials of a URL are in no error, and are not printed', async () => {
  const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log'), vi.spyOn(console, 'warn')];
  const secrets = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._~!$&'()*+,;=-]{12,30}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PATHS),
      fc.constantFrom(...WHERE),
      secrets,
      async (path, where, secret) => {
        const url = where(path, 'someuser', secret);
        const error: unknown = await all(openSource(url, options())).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (!(error instanceof Error)) throw new Error(`${path} was expected to fail`);
        const said = [error.message, error.stack, JSON.stringify(error), String(error.cause)]
          .join('\n')
          .toLowerCase();
        for (const part of [secret, encodeURIComponent(secret), 'someuser']) {
          expect(said).not.toContain(part.toLowerCase());
        }
      },
    ),
    { numRuns: 300 },
  );

  expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);

  vi.restoreAllMocks();
});
