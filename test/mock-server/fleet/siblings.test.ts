import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { CannotTell } from '../../../src/mock-server/control/cannot-tell.ts';
import { Gone, Siblings, type Sibling } from '../../../src/mock-server/fleet/siblings.ts';
import type { SeenReplica } from '../../../src/mock-server/fleet/terms.ts';
import { manualClock, realClock, type Clock } from '../../../src/runtime/clock.ts';
import { portOf } from '../../../src/wire/tcp.ts';

/** A stand-in for the replica r2, and what r1 knows of it. */
async function withSibling(
  wall: Clock,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${portOf(server)}`;
  const gone: string[] = [];
  const siblings = new Siblings({
    ...{ wall, name: 'r1', secret: 'secret' },
    onGone(name, reason) {
      gone.push(`${name}: ${reason}`);
      return Promise.resolve();
    },
  });
  const heard = (ageMs: number): readonly SeenReplica[] => [{ name: 'r2', address, ageMs }];
  siblings.hear(heard(0));
  return {
    ...{ server, siblings, gone, heard },
    get sibling(): Sibling {
      const found = siblings.find('r2');
      if (found === undefined) throw new Error('r2 is not known');
      return found;
    },
    [Symbol.asyncDispose]: () => end(server),
  };
}

async function end(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** How long a busy machine may take. */
const SOON = { timeout: 20_000, interval: 5 };

const reset = (socket: Socket) => void socket.resetAndDestroy();

// It used to be checked only once, when it fell silent. If it was killed later, it still counted as hanging for 30 s.
it('a replica that hangs is checked with each heartbeat, and counts as gone as soon as it no longer listens', async () => {
  const wall = manualClock();
  const asked: string[] = [];
  await using place = await withSibling(wall, ({ url = '' }) => void asked.push(url));
  const { siblings, heard, gone, server } = place;
  await wall.advance(4000);
  siblings.hear(heard(4000));
  await expect.poll(() => asked, SOON).toEqual(['/ask/ping']);
  // Another heartbeat, while the first check is running.
  siblings.hear(heard(4500));
  await wall.advance(3000);
  expect(gone).toEqual([]);

  await end(server);
  await expect
    .poll(() => {
      siblings.hear(heard(8000));
      return gone;
    }, SOON)
    .toEqual(['r2: it no longer listens']);
  expect(asked).toHaveLength(1);
});

it('a question whose connection was reset is asked again, within the time for a heartbeat', async () => {
  let resets = 2;
  await using place = await withSibling(realClock(), (request, response) => {
    if (resets-- > 0) return reset(request.socket);
    response.end('true');
  });

  expect(await place.siblings.ask(place.sibling, 'has', 's1')).toBe(true);
  expect([resets, place.gone]).toEqual([-1, []]);
});

it('a question whose connection is reset each time fails like one without an answer', async () => {
  const wall = manualClock();
  let asked = 0;
  await using place = await withSibling(wall, (request) => {
    asked += 1;
    reset(request.socket);
  });
  let failure: unknown;
  place.siblings.ask(place.sibling, 'has', 's1').catch((error: unknown) => (failure = error));
  await expect
    .poll(async () => {
      await wall.advance(100);
      return failure;
    }, SOON)
    .toBeInstanceOf(CannotTell);

  expect(failure).toMatchObject({ status: 504, message: 'The replica r2 does not answer' });
  expect(asked).toBeGreaterThan(5);
});

it('a replica that broke a connection is asked whether it is still there', async () => {
  await using place = await withSibling(realClock(), (_request, response) => void response.end('null'));
  const { siblings, sibling, server, gone } = place;

  expect(await siblings.broken(sibling)).not.toBeInstanceOf(Gone);
  expect(gone).toEqual([]);

  await end(server);
  expect(await siblings.broken(sibling)).toBeInstanceOf(Gone);
  expect(gone).toEqual(['r2: it no longer listens']);
});
