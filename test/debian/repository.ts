import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { BYTES_PER_MS, fixture, tone, wav } from '../support/audio.ts';
import { REPOSITORY } from '../support/programs/cli.ts';

export interface ServedRepository {
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** Loud for longer than a page waits for an answer. */
export const LONG_TONE = wav(tone(20_000));
/** The first sentence of en-appointment.wav. */
const SENTENCE = wav(fixture('en-appointment.wav').pcm.subarray(0, 3100 * BYTES_PER_MS));

/** The repository on a web server, which is another origin to a browser than the fake. */
export async function serveRepository(): Promise<ServedRepository> {
  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.mjs': 'text/javascript' };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!/^\/(examples\/browser|fixtures\/audio)\/[\w.-]+$/.test(pathname)) {
      return void response.writeHead(404).end();
    }
    if (pathname === '/fixtures/audio/long-tone.wav') return void response.end(LONG_TONE);
    if (pathname === '/fixtures/audio/sentence.wav') return void response.end(SENTENCE);
    readFile(join(REPOSITORY, pathname)).then(
      (body) =>
        response.writeHead(200, { 'content-type': types[extname(pathname)] ?? 'audio/wav' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
