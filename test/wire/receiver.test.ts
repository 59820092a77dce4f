import { once } from 'node:events';
import type { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as ws from 'ws';
import { startMockServer } from '../../src/mock-server/server.ts';
import { encodeFrame, OPCODES, type RawFrame } from '../../src/wire/encode.ts';
import { readFaster } from '../../src/wire/receiver.ts';
import type { WebSocket } from '../../src/wire/ws.ts';
import { frame, OPCODE, openRaw } from '../support/clients/raw.ts';

/** `ws` exports this class, but not its types. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

const MOST_BYTES = 4000;

/** What the receiver of a server reads from bytes in these pieces, and how many pieces went through its stream. */
async function receive(pieces: readonly Uint8Array[], isFaster: boolean) {
  const receiver = new Receiver({ isServer: true, binaryType: 'nodebuffer', maxPayload: MOST_BYTES });
  const heard: unknown[] = [];
  for (const event of ['message', 'ping', 'pong', 'conclude'])
    receiver.on(event, (...given: unknown[]) => heard.push([event, ...given.map(String)]));
  receiver.on('error', ({ message }: Error) => heard.push(['error', message]));
  let streamed = 0;
  const take = receiver._write.bind(receiver);
  receiver._write = (...given) => {
    streamed += 1;
    take(...given);
  };
  if (isFaster) expect(readFaster({ _receiver: receiver } as unknown as WebSocket)).toBe(true);
  const ended = Promise.race([once(receiver, 'finish'), once(receiver, 'close')]);
  // The first piece after a Close frame still reaches the stream.
  for (const piece of pieces) if (!receiver.writableEnded) receiver.write(Buffer.from(piece));
  if (!receiver.writableEnded) receiver.end();
  await ended.catch(() => undefined);
  return { heard, streamed };
}

const sent = fc.record({
  opcode: fc.oneof(
    { weight: 6, arbitrary: fc.constant(OPCODES.binary) },
    fc.constantFrom(...Object.values(OPCODES), 3),
  ),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .constantFrom(0, 125, 126, 3200, MOST_BYTES, MOST_BYTES + 1)
      .map((size) => new Uint8Array(size).fill(7)),
  ),
  fin: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
  mask: fc.oneof(
    { weight: 12, arbitrary: fc.uint8Array({ minLength: 4, maxLength: 4 }) },
    fc.constant(undefined),
  ),
});

it('the faster receiver reads the same as ws alone from any frames in any pieces', async () => {
  const pieces = fc
    .array(fc.tuple(sent, fc.nat(12), fc.nat(4)), { minLength: 1, maxLength: 12 })
    .map((frames) => {
      const cut: Uint8Array[] = [];
      for (const [{ mask, ...rest }, at, how] of frames) {
        const raw: RawFrame = mask === undefined ? rest : { ...rest, mask };
        const bytes = encodeFrame(raw);
        // Most frames arrive alone, some in two pieces, and some together with the one before.
        if (how === 0) cut.push(bytes.subarray(0, at), bytes.subarray(at));
        else if (how === 1) cut.push(Buffer.concat([cut.pop() ?? new Uint8Array(0), bytes]));
        else cut.push(bytes);
      }
      return cut;
    });
  await fc.assert(
    fc.asyncProperty(pieces, async (bytes) => {
      expect((await receive(bytes, true)).heard).toEqual((await receive(bytes, false)).heard);
    }),
    { numRuns: 500 },
  );
});

it('messages that arrive alone bypass the stream of ws', async () => {
  const mask = Uint8Array.of(1, 2, 3, 4);
  const pieces = [1, 125, 126, 3200, MOST_BYTES].map((size) =>
    encodeFrame({ opcode: OPCODES.binary, payload: new Uint8Array(size), mask }),
  );
  const { heard, streamed } = await receive(pieces, true);

  expect([heard.length, streamed]).toEqual([pieces.length, 0]);
});

it('a session receives what was sent, in whatever pieces it arrives', async () => {
  await using fake = await startMockServer({ journal: { audio: true } });
  await using client = await openRaw(`${fake.urls.scriptix.realtime}?token=any-token`);
  const session = await fake.nextSession();
  client.write(frame(OPCODE.text, '{"action":"start"}'));
  await session.received('start');
  const sizes = [1, 63, 64, 65, 125, 126, 127, 3200, 3201, 65_535, 65_536, 100_001, 2];
  const messages = sizes.map((size, n) =>
    Buffer.from(Array.from({ length: size }, (_, i) => (i * 7 + n) % 251)),
  );
  const bytes = Buffer.concat(messages.map((message) => frame(OPCODE.binary, message)));
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 5) % 7919)
    client.write(bytes.subarray(at, at + size));
  await session.received('audio', { count: sizes.length });

  const heard = session.trace().flatMap((event) => (event.kind === 'binary' ? [event.base64] : []));
  expect(heard).toEqual(messages.map((message) => message.toString('base64')));
});

// An update of `ws` that works in another way must not go unnoticed.
it('the faster receiver works with the installed version of ws', async () => {
  const { WebSocket, WebSocketServer } = await import('ws');
  const server = new WebSocketServer({ port: 0 });
  const taken = new Promise<boolean>((resolve) => server.on('connection', (ws) => resolve(readFaster(ws))));
  const address = server.address();
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  try {
    await new Promise((resolve) => client.once('open', resolve));
    expect(await taken).toBe(true);
    const other: unknown = { _receiver: {} };
    expect(readFaster(other as WebSocket)).toBe(false);
  } finally {
    client.terminate();
    server.close();
  }
});
