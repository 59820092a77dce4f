import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { Reading } from '../../../src/mock-server/session/reading.ts';
import { atEndOfTurn } from '../../../src/runtime/turn.ts';
import { frame, OPCODE, openRaw } from '../../support/clients/raw.ts';

const KIB = 1024;

const turn = () => new Promise<void>(atEndOfTurn);

/** A stand-in for a connection, with whether it is read. */
function reading() {
  const duplex = new EventEmitter();
  const state = { isRead: true, isSilent: false };
  const ws = { pause: () => (state.isRead = false), resume: () => (state.isRead = true) };
  const made = new Reading(ws as unknown as WebSocket, duplex as unknown as Duplex, state as never);
  return { state, made, come: (byteCount: number) => duplex.emit('data', Buffer.alloc(byteCount)) };
}

it('a connection is read again when everything that paused it is over', () => {
  const { state, made } = reading();
  made.hold('words');
  made.hold('script');
  made.release('words');

  expect(state.isRead).toBe(false);

  made.release('script');
  expect(state.isRead).toBe(true);
});

it('a client that has sent much waits until the others have had their turn', async () => {
  const { state, come } = reading();
  come(63 * KIB);
  expect(state.isRead).toBe(true);

  come(KIB);
  expect(state.isRead).toBe(false);

  await turn();
  expect(state.isRead).toBe(true);
});

// Clients that sent at the pace of speech used to be paused every two seconds.
it('the bytes of a client are counted again in each turn', async () => {
  const { state, come } = reading();
  for (let i = 0; i < 3; i++) {
    come(63 * KIB);
    await turn();
  }
  expect(state.isRead).toBe(true);

  come(64 * KIB);
  expect(state.isRead).toBe(false);
});

it('a new turn does not resume a connection that a script does not read', async () => {
  const { state, made, come } = reading();
  come(64 * KIB);
  made.hold('script');
  await turn();

  expect(state.isRead).toBe(false);
});

it('a connection that was aborted with silence is not paused', async () => {
  const { state, come } = reading();
  state.isSilent = true;
  come(64 * KIB);
  await turn();

  expect(state.isRead).toBe(true);
});

// Two megabytes of tiny frames used to be read at once, so that for seconds no other client was served and no timer fired.
it('a client that sends without a pause is read in parts', async () => {
  await using fake = await startMockServer();
  await using client = await openRaw(`${fake.urls.scriptix.realtime}?token=any-token`);
  const session = await fake.nextSession();
  client.write(frame(OPCODE.text, '{"action":"start"}'));
  await session.received('start');
  const tiny = frame(OPCODE.binary, Buffer.alloc(2));
  const count = 100_000;
  client.write(Buffer.concat(Array.from({ length: count }, () => tiny)));
  let heard = 0;
  let most = 0;
  while (heard < count) {
    await turn();
    const now = session.count('audio');
    most = Math.max(most, now - heard);
    heard = now;
  }

  expect(most).toBeLessThanOrEqual((128 * KIB) / tiny.length);
});
