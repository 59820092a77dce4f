import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, realClock } from '../../src/runtime/clock.ts';

describe('the real clock', () => {
  it('never calls back before the time is due', async () => {
    const clock = realClock(50);
    const dues = [0, 1, 7.5, 33, 120, 500].map((ms) => clock.now() + ms);
    const firedAt = await Promise.all(
      dues.map((dueMs) => new Promise<number>((resolve) => clock.at(dueMs, () => resolve(clock.now())))),
    );
    firedAt.forEach((atMs, i) => expect(atMs).toBeGreaterThanOrEqual(dues[i] ?? Infinity));

    expect(clock.pending).toBe(0);
  });

  it('counts pending callbacks, and no longer those that were cancelled', () => {
    const clock = realClock();
    const cancel = clock.at(60_000, () => undefined);
    expect(clock.pending).toBe(1);

    cancel();
    cancel();
    expect(clock.pending).toBe(0);
  });

  it('accepts times that are longer than the limit of a Node.js timer', () => {
    const clock = realClock();
    const cancel = clock.at(2 ** 40, () => undefined);

    expect(clock.pending).toBe(1);

    cancel();
  });
});

/** Blocks this process for a while. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Does something, then blocks this process while a message arrives, which is read afterwards. */
async function withMessage(before: (seen: string[]) => void, onMessage: () => void = () => undefined) {
  const seen: string[] = [];
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[socket]] = (await Promise.all([once(server, 'connection'), once(peer, 'connect')])) as [
    [Socket],
    unknown,
  ];
  const read = once(socket, 'data');
  socket.on('data', () => {
    seen.push('message');
    onMessage();
  });
  peer.write('message');
  before(seen);
  stall(100);
  await read;
  // Timers that are due have been called by then.
  await new Promise((resolve) => setTimeout(resolve, 5));
  peer.destroy();
  server.close();
  return seen;
}

// After it had been blocked for a while, the runner used to close connections whose answer had arrived, and blame the peer.
describe('after its process was blocked, the real clock', () => {
  it('calls back once everything that has arrived was read', async () => {
    const clock = realClock();
    const seen = await withMessage((all) => clock.at(clock.now() + 10, () => all.push('callback')));
    expect(seen).toEqual(['message', 'callback']);
  });

  it('calls back in the order of the times, including those that are hardly late', async () => {
    const clock = realClock();
    const seen = await withMessage((all) => {
      const nowMs = clock.now();
      for (const ms of [90, 10, 50]) clock.at(nowMs + ms, () => all.push(String(ms)));
    });
    expect(seen).toEqual(['message', '10', '50', '90']);
  });

  it('does not call back what a message has cancelled', async () => {
    const clock = realClock();
    let cancel: (() => void) | undefined;
    const seen = await withMessage(
      (all) => (cancel = clock.at(clock.now() + 10, () => all.push('callback'))),
      () => cancel?.(),
    );
    expect(seen).toEqual(['message']);
    expect(clock.pending).toBe(0);
  });
});

describe('the manual clock', () => {
  it('runs callbacks in the order of their times, in whatever order they were added', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 20 }), async (dues) => {
        const clock = manualClock();
        const fired: number[] = [];
        for (const dueMs of dues) clock.at(dueMs, () => fired.push(clock.now()));
        await clock.advance(100);
        expect(fired).toEqual(dues.toSorted((a, b) => a - b));
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('runs callbacks that a callback adds, if they are due, too', async () => {
    const clock = manualClock();
    const fired: number[] = [];
    clock.at(10, () => clock.at(15, () => fired.push(clock.now())));
    await clock.advance(20);

    expect(fired).toEqual([15]);
    expect(clock.now()).toBe(20);
  });

  it('stands still until it is advanced, and runs only what is due', async () => {
    const clock = manualClock();
    let fired = false;
    const cancel = clock.at(10, () => (fired = true));
    await clock.advance(9.99);

    expect(fired).toBe(false);

    cancel();
    await clock.advance(10);
    expect(fired).toBe(false);
  });
});
