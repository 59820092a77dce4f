import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { portOf } from '../../../src/wire/tcp.ts';
import { paced, type Paced } from '../../../src/mock-server/control/streams/paced.ts';
import { manualClock } from '../../../src/runtime/clock.ts';

interface Reading extends AsyncDisposable {
  readonly wall: ReturnType<typeof manualClock>;
  readonly writer: Paced;
  readonly response: ServerResponse;
  readonly answer: IncomingMessage;
}

/** A reader that does not read yet, although something is written to it. */
async function reading(pump: (writer: Paced) => void): Promise<Reading> {
  const wall = manualClock();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const answered = new Promise<IncomingMessage>((resolve) =>
    get({ port: portOf(server), host: '127.0.0.1', agent: false }, resolve),
  );
  const [, response] = await asked;
  const writer: Paced = paced(
    response,
    wall,
    () => pump(writer),
    () => undefined,
  );
  writer.write('first\n');
  const answer = await answered;
  answer.on('error', () => undefined);
  return {
    ...{ wall, writer, response, answer },
    async [Symbol.asyncDispose]() {
      answer.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** More than the sockets on both sides take. */
const MUCH = 'x'.repeat(2 ** 24);

it('a reader that reads nothing is cut off after 30 seconds', async () => {
  await using place = await reading(() => undefined);
  const { wall, writer, response } = place;
  writer.write(MUCH);
  await wall.advance(29_000);

  expect([writer.isBlocked, response.destroyed]).toEqual([true, false]);

  await wall.advance(1000);
  expect(response.destroyed).toBe(true);
});

it('a reader that has read everything gets more, and is never cut off', async () => {
  let pumped = 0;
  await using place = await reading(() => void (pumped += 1));
  const { wall, writer, response, answer } = place;
  writer.write(MUCH);
  writer.schedule();
  await wall.advance(29_000);

  expect(pumped).toBe(0);

  answer.resume();
  await expect.poll(() => pumped, { timeout: 20_000 }).toBeGreaterThan(0);
  await wall.advance(60_000);
  expect([writer.isBlocked, response.destroyed, wall.pending]).toEqual([false, false, 0]);
});
