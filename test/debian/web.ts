import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REPOSITORY } from '../support/programs/cli.ts';

/** The pages, and the recordings for streams. */
const FOLDERS: Readonly<Record<string, string>> = {
  pages: fileURLToPath(new URL('pages', import.meta.url)),
  audio: join(REPOSITORY, 'fixtures/audio'),
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.worklet': 'text/javascript',
  '.mp3': 'audio/mpeg',
};

/** A web server beside the fake, which is another origin to a browser. */
export interface Web extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** The path and query of every request for a recording. */
  readonly fetched: readonly string[];
}

export async function serveWeb(): Promise<Web> {
  const fetched: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const [, folder = '', name = ''] = pathname.split('/');
    const root = FOLDERS[folder];
    if (folder === 'audio') fetched.push(pathname + search);
    if (root === undefined) return void response.writeHead(404).end();
    readFile(join(root, name)).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'text/plain' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetched,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
