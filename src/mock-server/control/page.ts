import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response, Router } from 'express';
import { CONTROL_PATH } from '../addresses.ts';
import { fail } from './answers.ts';

/** The built page; the path is right from the sources as well as from what is compiled from them. */
const BUILT = new URL('../../../dist/page/', import.meta.url);
const RECORDINGS = new URL('../../../fixtures/audio/', import.meta.url);

interface Asset {
  readonly folder: URL;
  readonly type: string;
}

const script = { folder: BUILT, type: 'text/javascript; charset=utf-8' };
const recording = { folder: RECORDINGS, type: 'audio/wav' };

/** All files of the page: no name from a request ever becomes a path. */
const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['index.html', { folder: BUILT, type: 'text/html; charset=utf-8' }],
  ['page.css', { folder: BUILT, type: 'text/css; charset=utf-8' }],
  ['app.js', script],
  ['worklet.js', script],
  ['editor.js', script],
  ['en-appointment.wav', recording],
  ['nl-afspraak.wav', recording],
]);

/** The page runs and loads only what this server delivers, and no other page may show it in a frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self' ws: wss:",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The live page. It contains nothing of the fake itself; it asks the control API, as anyone with the token can. */
export function addPage(router: Router): void {
  const contents = new Map<string, Promise<Content>>();
  const send = async (name: string, request: Request, response: Response) => {
    const asset = ASSETS.get(name);
    if (asset === undefined) return fail(response, 404, { error: 'Not found', expected: 'the page at /' });
    const loading = contents.get(name) ?? load(new URL(name, asset.folder));
    contents.set(name, loading);
    try {
      const { plain, packed } = await loading;
      const isPacked = request.acceptsEncodings('gzip') === 'gzip';
      response.set({
        'content-type': asset.type,
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
        vary: 'Accept-Encoding',
        ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
      });
      response.send(isPacked ? packed : plain);
    } catch {
      contents.delete(name);
      fail(response, 404, { error: 'The page is not there', expected: 'a package that was built' });
    }
  };
  router.get('/', (request, response) => {
    // Relative names in the page start here.
    if (request.path === '/' && !request.originalUrl.startsWith(`${CONTROL_PATH}/`))
      return response.redirect(302, `${CONTROL_PATH}/`);
    return send('index.html', request, response);
  });
  router.get('/page/:name', (request, response) => send(request.params.name, request, response));
}

interface Content {
  readonly plain: Buffer;
  readonly packed: Buffer;
}

async function load(file: URL): Promise<Content> {
  const plain = await readFile(file);
  return { plain, packed: await promisify(gzip)(plain) };
}
