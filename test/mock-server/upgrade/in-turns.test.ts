import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { inTurns } from '../../../src/mock-server/upgrade/in-turns.ts';

// While clients opened and closed connections as fast as they could, a call of the control API waited for 11 s, because all
// upgrades that had arrived with it came first.

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Upgrades that arrive in one turn of the event loop, and those that have been handled. */
function arriving(count: number) {
  const done: number[] = [];
  const places = new Map<Socket, number>();
  const handle = inTurns((_request, duplex) => {
    if (duplex instanceof Socket) done.push(places.get(duplex) ?? -1);
  });
  const sockets = Array.from({ length: count }, () => new Socket());
  for (const [place, socket] of sockets.entries()) {
    places.set(socket, place);
    handle(new IncomingMessage(socket), socket, Buffer.alloc(0));
  }
  return { done, sockets };
}

describe('upgrades that arrive together', () => {
  it('are handled immediately if they are few', () => {
    expect(arriving(16).done).toHaveLength(16);
  });

  it('are handled in order, a few in each turn of the event loop', async () => {
    const { done } = arriving(100);
    const counts: number[] = [];
    while (done.length < 100) {
      counts.push(done.length);
      await nextTurn();
    }
    expect(counts).toEqual([16, 32, 48, 64, 80, 96]);
    expect(done).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('are handled immediately if the queue is full', () => {
    expect(arriving(5000).done.length).toBeGreaterThanOrEqual(3900);
  });

  it('can be aborted by their clients while they wait', async () => {
    const { done, sockets } = arriving(40);
    const broken = sockets.at(-1);
    broken?.emit('error', new Error('reset'));

    expect(broken?.destroyed).toBe(true);

    while (done.length < 40) await nextTurn();
    expect(sockets.map((socket) => socket.listenerCount('error'))).toEqual(sockets.map(() => 0));
  });
});
