import { writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { decodeContent } from '../../src/runtime/content-coding.ts';
import { folder } from '../support/programs/folder.ts';
import { record } from './recorder.ts';

interface Got {
  readonly status: number;
  readonly coding: string | undefined;
  readonly bytes: Buffer;
}

/** An answer as it arrives, to a call or to an upgrade that is refused. */
function get(
  url: string,
  options: { readonly upgrade?: true; readonly body?: Uint8Array } = {},
): Promise<Got> {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const posted = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const headers = options.upgrade ? upgrade : options.body ? posted : {};
    const method = options.body === undefined ? 'GET' : 'POST';
    const asking = request(url.replace(/^ws/, 'http'), { method, headers, agent: false }, (answer) => {
      void bytesOf(answer).then((bytes) =>
        resolve({ status: answer.statusCode ?? 0, coding: answer.headers['content-encoding'], bytes }),
      );
    });
    asking.on('error', reject);
    asking.end(options.body);
  });
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  return Buffer.concat((await message.toArray()) as Buffer[]);
}

/** A service that answers everything with these bytes. */
async function service(status: number, coding: string, bytes: Uint8Array) {
  const headers = { 'content-type': 'application/json', 'content-encoding': coding };
  const server = createServer((asked, answer) => {
    asked.resume().on('end', () => answer.writeHead(status, headers).end(bytes));
  });
  server.on('upgrade', (_request, socket) => {
    const lines = Object.entries({ ...headers, 'content-length': bytes.length, connection: 'close' });
    socket.write(`HTTP/1.1 ${status} No\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`);
    socket.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TEXT = JSON.stringify({ detail: 'Not authenticated, Grüße', key: 's3cret-1' });
const TOLD = JSON.stringify({ detail: 'Not authenticated, Grüße', key: 'redacted-1' });
const CODED = [
  ['gzip', gzipSync(TEXT)],
  ['deflate', deflateRawSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['gzip, br', brotliCompressSync(gzipSync(TEXT))],
] as const;

// The recorder kept nothing of a compressed body, because it is no text, so a replay answered without any.
describe('a compressed body', () => {
  it.each(CODED)(
    'in %s is passed on unchanged, and is in the trace as text without secrets',
    async (coding, bytes) => {
      await using upstream = await service(401, coding, bytes);
      await using recorder = await record(upstream.url);
      for (const options of [{}, { upgrade: true }] as const) {
        const got = await get(`${recorder.url}/v2/realtime?token=s3cret-1`, options);
        expect(got).toEqual({ status: 401, coding, bytes: Buffer.from(bytes) });
      }
      const events = await recorder.until(({ session, kind }) => session === 's2' && kind === 'end');
      const answers = events.filter(({ kind }) => kind === 'response');

      expect(answers).toMatchObject([{ body: TOLD }, { body: TOLD }]);
      expect(answers[0]).toMatchObject({ headers: { 'content-encoding': coding } });
      expect(recorder.text).not.toContain('s3cret');
    },
  );

  it('of a request is in the trace as text without secrets', async () => {
    await using upstream = await service(200, 'gzip', gzipSync('{}'));
    await using recorder = await record(upstream.url);
    await get(`${recorder.url}/say`, { body: gzipSync('{"password":"s3cret-1"}') });
    const [asked] = await recorder.until(({ kind }) => kind === 'response');

    expect(asked).toMatchObject({ kind: 'request', body: '{"password":"redacted-1"}' });
  });

  it('that is damaged, or much larger than what is kept, is passed on and reported', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 24));
    for (const [bytes, fact] of [
      [Buffer.from('no gzip at all'), { kind: 'fault', from: 'server' }],
      [bomb, { kind: 'note' }],
    ] as const) {
      await using upstream = await service(200, 'gzip', bytes);
      await using recorder = await record(upstream.url);
      expect((await get(`${recorder.url}/status`)).bytes).toEqual(bytes);
      const events = await recorder.until(({ kind }) => kind === fact.kind);
      expect(events.slice(-2)).toMatchObject([{ kind: 'response' }, fact]);
      expect(events.at(-2)).not.toHaveProperty('body');
    }
  });

  it.each(CODED)('in %s is the same for a client of the replay', async (coding, bytes) => {
    await using place = await folder();
    await using upstream = await service(401, coding, bytes);
    await using recorder = await record(upstream.url);
    await get(`${recorder.url}/v2/realtime?token=s3cret-1`, { upgrade: true });
    await get(`${recorder.url}/api/v4/realtime/status`);
    await recorder.until(({ session, kind }) => session === 's2' && kind === 'response');
    const file = place.path('recording.ndjson');
    await writeFile(file, recorder.text);
    await using fake = await startMockServer({ scenario: file, replay: 'asap' });
    const refused = await get(`${fake.urls.url}/v2/realtime?token=any`, { upgrade: true });

    expect(`${refused.status} ${decoded(refused)}`).toBe(`401 ${TOLD}`);
  });
});

describe('an answer of a scenario with a Content-Encoding', () => {
  const body = { detail: 'Not now' };
  it.each(['gzip', 'deflate', 'br', 'gzip, br'])('is compressed accordingly: %s', async (coding) => {
    await using place = await folder();
    const file = place.path('compressed.yaml');
    const answer = { status: 503, headers: { 'Content-Encoding': coding }, body };
    await writeFile(
      file,
      JSON.stringify({ dialect: 'scriptix', summary: 'x', server: { handshake: answer } }),
    );
    const rest = place.path('rest.yaml');
    const server = { status: [answer, { ...answer, body: 'a text' }] };
    await writeFile(rest, JSON.stringify({ dialect: 'scriptix-rest', summary: 'x', server }));
    await using fake = await startMockServer({ scenarios: [place.path('')] });
    const status = `${fake.urls.scriptix.api}/status?scenario=rest`;

    for (const [got, text] of [
      [await get(`${fake.urls.url}/v2/realtime?token=a&scenario=compressed`, { upgrade: true }), body],
      [await get(status), body],
      [await get(status), 'a text'],
    ] as const) {
      expect([got.status, got.coding]).toEqual([503, coding]);
      expect(got.bytes.equals(Buffer.from(JSON.stringify(text)))).toBe(false);
      expect(decoded(got)).toBe(typeof text === 'string' ? text : JSON.stringify(text));
    }
  });

  it('that is unknown has its body unchanged', async () => {
    await using place = await folder();
    const file = place.path('odd.yaml');
    const handshake = { status: 503, headers: { 'content-encoding': 'utf-8' }, body };
    await writeFile(file, JSON.stringify({ dialect: 'scriptix', summary: 'x', server: { handshake } }));
    await using fake = await startMockServer({ scenario: file });
    const got = await get(`${fake.urls.url}/v2/realtime?token=a`, { upgrade: true });

    expect([got.coding, got.bytes.toString()]).toEqual(['utf-8', JSON.stringify(body)]);
  });
});

function decoded({ coding, bytes }: Got): string {
  const read = decodeContent(bytes, coding, 2 ** 20);
  return read.kind === 'decoded' ? Buffer.from(read.bytes).toString() : read.why;
}
