import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { encodeFrame } from '../../../src/wire/encode.ts';

const CLOSE = 0x8;
const NORMAL = Buffer.from([0x03, 0xe8]);

/** The faults that the fake notes of a client that writes these pieces once it is connected. */
async function faultsOf(pieces: readonly (readonly Buffer[])[]): Promise<readonly string[]> {
  await using fake = await startMockServer();
  const ws = new WebSocket(`${fake.urls.scriptix.realtime}?token=any-token`);
  ws.on('error', () => undefined);
  await new Promise((resolve) => ws.once('open', resolve));
  const socket = Reflect.get(ws, '_socket') as { write: (bytes: Buffer) => void };
  for (const piece of pieces) {
    socket.write(Buffer.concat(piece));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await new Promise((resolve) => ws.once('close', resolve));
  await expect.poll(() => fake.journal.ids.every((id) => fake.journal.isOver(id))).toBe(true);
  return fake.journal.ids
    .flatMap((id) => fake.journal.events(id))
    .flatMap((event) => (event.kind === 'fault' ? event.message : []));
}

/** A frame of a client, masked with zeros. */
function frame(opcode: number, payload: Buffer): Buffer {
  const plain = Buffer.from(encodeFrame({ opcode, payload }));
  return Buffer.concat([Buffer.from([plain[0] ?? 0, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

const LATE = 'data-after-close: a message after the Close frame';

it.each([
  ['audio in the same piece', [[frame(CLOSE, NORMAL), frame(0x2, Buffer.alloc(8))]], [LATE]],
  ['text in the same piece', [[frame(CLOSE, NORMAL), frame(0x1, Buffer.from('{}'))]], [LATE]],
  ['a pong in the same piece', [[frame(CLOSE, NORMAL), frame(0xa, Buffer.alloc(0))]], []],
  ['nothing', [[frame(CLOSE, NORMAL)]], []],
  ['audio before it', [[frame(0x2, Buffer.alloc(8)), frame(CLOSE, NORMAL)]], []],
])('the fake notes data after a Close frame as a fault: %s', async (_what, pieces, faults) => {
  expect(await faultsOf(pieces)).toEqual(faults);
});
