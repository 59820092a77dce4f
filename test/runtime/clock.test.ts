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

  it('counts what is waiting, and forgets what is cancelled, once', () => {
    const clock = realClock();
    const cancel = clock.at(60_000, () => undefined);
    expect(clock.pending).toBe(1);

    cancel();
    cancel();
    expect(clock.pending).toBe(0);
  });

  it('takes times that are longer than a timer of Node can be', () => {
    const clock = realClock();
    const cancel = clock.at(2 ** 40, () => undefined);

    expect(clock.pending).toBe(1);

    cancel();
  });
});

/** Lets time pass in which this process does nothing. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Does something while this process does nothing but has got a message, which is read afterwards. */
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

// Runners that had done nothing for a while closed connections whose answer was there, and blamed the other side for it.
describe('after a time in which its process did nothing, the real clock', () => {
  it('calls back when everything that arrived has been read', async () => {
    const clock = realClock();
    const seen = await withMessage((all) => clock.at(clock.now() + 10, () => all.push('callback')));
    expect(seen).toEqual(['message', 'callback']);
  });

  it('calls back in the order of the times, even those that are hardly late', async () => {
    const clock = realClock();
    const seen = await withMessage((all) => {
      const nowMs = clock.now();
      for (const ms of [90, 10, 50]) clock.at(nowMs + ms, () => all.push(String(ms)));
    });
    expect(seen).toEqual(['message', '10', '50', '90']);
  });

  it('does not call back what was cancelled by what arrived', async () => {
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
  it('runs what falls due in the order of its time, whatever the order of asking', async () => {
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

  it('runs what a callback asks for, if that falls due as well', async () => {
    const clock = manualClock();
    const fired: number[] = [];
    clock.at(10, () => clock.at(15, () => fired.push(clock.now())));
    await clock.advance(20);

    expect(fired).toEqual([15]);
    expect(clock.now()).toBe(20);
  });

  it('stands still until it is advanced, and leaves what is not due', async () => {
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
