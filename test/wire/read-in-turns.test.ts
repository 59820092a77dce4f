import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { readInTurns } from '../../src/wire/read-in-turns.ts';

// A server that sent messages in parts of three bytes kept the runner reading for seconds: the end of the run's time, which
// a timer tells, came late by as much.

const KIB = 1024;
const BYTE_COUNT = 2048 * KIB;

/** How much of a connection is read in each turn of the event loop when as much as possible has arrived. */
async function readPerTurn(prepare: (socket: Socket) => void): Promise<readonly number[]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const [sender] = (await once(server, 'connection')) as [Socket];
  sender.end(Buffer.alloc(BYTE_COUNT));
  // Until the buffers of the system are full.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const turns = [0];
  let isOver = false;
  const turn = () => {
    if (isOver) return;
    turns.push(0);
    setImmediate(turn);
  };
  setImmediate(turn);
  socket.on('data', ({ length }: Buffer) => (turns[turns.length - 1] = (turns.at(-1) ?? 0) + length));
  prepare(socket);
  socket.resume();
  await once(socket, 'end');
  isOver = true;
  server.close();
  return turns;
}

it('readInTurns() reads a little of a connection in each turn, and all of it in the end', async () => {
  const turns = await readPerTurn((socket) => readInTurns(socket));
  expect(turns.reduce((sum, count) => sum + count, 0)).toBe(BYTE_COUNT);
  expect(Math.max(...turns)).toBeLessThanOrEqual(128 * KIB);
});

it('without readInTurns() far more is read in one turn', async () => {
  expect(Math.max(...(await readPerTurn(() => undefined)))).toBeGreaterThan(128 * KIB);
});
