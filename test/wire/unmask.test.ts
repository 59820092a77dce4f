import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { unmask, unmaskInWords } from '../../src/wire/unmask.ts';
import type { WebSocket } from '../../src/wire/ws.ts';
import { frame, OPCODE, openRaw } from '../support/clients/raw.ts';

it('unmasks as the RFC says, wherever the bytes begin', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(bytes, mask, fc.nat(9), (payload, key, offset) => {
      const all = new Uint8Array(payload.length + offset + 5).fill(7);
      all.set(payload, offset);
      unmask(all.subarray(offset, offset + payload.length), key);

      expect([...all.subarray(offset, offset + payload.length)]).toEqual(
        [...payload].map((byte, i) => byte ^ (key[i % 4] ?? 0)),
      );
      expect([...all.subarray(0, offset), ...all.subarray(offset + payload.length)]).toEqual(
        new Array(offset + 5).fill(7),
      );
    }),
  );
});

it('a connection hears what was sent, in whatever pieces it comes', async () => {
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
it('knows the receiver of the installed ws', async () => {
  const { WebSocket, WebSocketServer } = await import('ws');
  const server = new WebSocketServer({ port: 0 });
  const taken = new Promise<boolean>((resolve) =>
    server.on('connection', (ws) => resolve(unmaskInWords(ws))),
  );
  const address = server.address();
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  try {
    await new Promise((resolve) => client.once('open', resolve));
    expect(await taken).toBe(true);
    const other: unknown = { _receiver: {} };
    expect(unmaskInWords(other as WebSocket)).toBe(false);
  } finally {
    client.terminate();
    server.close();
  }
});
