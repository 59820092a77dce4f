import { createServer, type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exchange } from '../../../src/conformance/wire-client/exchange.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';

const JSON_TEXT = JSON.stringify({ detail: 'Not authenticated' });
const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** The recorded answer with this head and body, to a call or to an upgrade. */
async function recorded(
  lines: readonly string[],
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly TraceFact[]> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const head = ['HTTP/1.1 401 Unauthorized', ...lines, 'Connection: close', '', ''].join('\r\n');
    socket.once('data', () => socket.end(Buffer.concat([Buffer.from(head), body])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const facts: TraceFact[] = [];
  await exchange({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/status`,
    method: 'GET',
    headers,
    clock: realClock(),
    limitMs: 20_000,
    record: (fact) => facts.push(fact),
  });
  await new Promise((resolve) => server.close(resolve));
  return facts.filter(({ kind }) => kind !== 'request' && kind !== 'end');
}

const chunked = (bytes: Uint8Array) =>
  Buffer.concat([
    ...Array.from(bytes, (byte) => Buffer.of(0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a)),
    Buffer.from('0\r\n\r\n'),
  ]);

// A gateway compressed its answers, as it may unless a request says otherwise, and the runner read none of them as JSON.
describe.each([
  ['to a call', {}],
  ['to an upgrade', UPGRADE],
])('the body of an answer %s', (_to, headers) => {
  it.each([
    ['gzip', gzipSync(JSON_TEXT)],
    ['X-GZip', gzipSync(JSON_TEXT)],
    ['deflate', deflateSync(JSON_TEXT)],
    ['deflate', deflateRawSync(JSON_TEXT)],
    ['br', brotliCompressSync(JSON_TEXT)],
    ['gzip, identity, br', brotliCompressSync(gzipSync(JSON_TEXT))],
    ['identity', Buffer.from(JSON_TEXT)],
  ])('is decoded from %s, and its headers stay as they came', async (coding, body) => {
    for (const [lines, bytes] of [
      [[`Content-Length: ${body.length}`], body],
      [['Transfer-Encoding: chunked'], chunked(body)],
      [[], body],
    ] as const) {
      expect(await recorded([`Content-Encoding: ${coding}`, ...lines], bytes, headers)).toEqual([
        {
          kind: 'response',
          status: 401,
          headers: expect.objectContaining({ 'content-encoding': coding }) as object,
          body: JSON_TEXT,
        },
      ]);
    }
  });

  it('with codings in two header lines is decoded', async () => {
    const facts = await recorded(
      ['Content-Encoding: gzip', 'Content-Encoding: br'],
      brotliCompressSync(gzipSync(JSON_TEXT)),
      headers,
    );
    expect(facts).toMatchObject([{ body: JSON_TEXT }]);
  });

  it('that does not match its header is a fault of the server', async () => {
    const facts = await recorded(['Content-Encoding: gzip'], Buffer.from(JSON_TEXT), headers);

    expect(facts).toMatchObject([
      { kind: 'response', status: 401 },
      {
        kind: 'fault',
        from: 'server',
        message: expect.stringMatching(/^content-encoding: .*not gzip/) as string,
      },
    ]);
    expect(facts[0]).not.toHaveProperty('body');
  });

  it('that is cut in the middle is a fault of the server', async () => {
    const facts = await recorded(
      ['Content-Encoding: br'],
      brotliCompressSync(JSON_TEXT).subarray(0, 9),
      headers,
    );
    expect(facts).toMatchObject([
      { kind: 'response' },
      { kind: 'fault', message: expect.stringMatching(/not br/) as string },
    ]);
  });

  it('in an unknown coding is not read, and is not a fault', async () => {
    const compressed = Uint8Array.of(0x1f, 0x9d, 0x90, 0x7b, 0x00);
    const facts = await recorded(['Content-Encoding: compress'], compressed, headers);
    const message = expect.stringMatching(
      /^the body was not read: content-encoding: compress is not known here; gzip, x-gzip, deflate, br/,
    ) as string;

    expect(facts).toMatchObject([{ kind: 'response' }, { kind: 'note', message }]);
    // The run is complete without it.
    expect(facts[1]).not.toHaveProperty('dropped');
    expect(facts[0]).not.toHaveProperty('body');
  });

  it('with a charset in place of a coding is read as text', async () => {
    const facts = await recorded(['Content-Encoding: utf-8'], Buffer.from(JSON_TEXT), headers);
    expect(facts).toMatchObject([{ body: JSON_TEXT }, { kind: 'note' }]);
  });

  it('that would be enormous is not read, and is not a fault', async () => {
    const facts = await recorded(['Content-Encoding: gzip'], gzipSync(Buffer.alloc(2 ** 24)), headers);
    expect(facts).toMatchObject([
      { kind: 'response' },
      {
        kind: 'note',
        message: expect.stringMatching(/^the body was not read: .*longer than 1048576/) as string,
      },
    ]);
  });

  it('that is empty is empty in any coding', async () => {
    const empty = await recorded(['Content-Encoding: gzip', 'Content-Length: 0'], Buffer.of(), headers);

    expect(empty).toMatchObject([{ kind: 'response' }]);
    expect(empty[0]).not.toHaveProperty('body');
    expect(await recorded(['Content-Encoding: gzip'], gzipSync(''), headers)).toMatchObject([{ body: '' }]);
  });
});
