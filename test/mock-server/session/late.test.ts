import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { closeFrame, frame, openRaw, OPCODE } from '../../support/clients/raw.ts';
import { folder } from '../../support/programs/folder.ts';
import { microphoneUrl } from '../../support/scriptix/scriptix.ts';

// On a busy machine, the fake used to do first what had become due while it could not run, and to read afterwards what its
// client had sent in time. It looked as if the client was late, or had reacted to what the fake did.

/** Blocks this process, and with it the fake. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const kindsIn = (fake: MockServer) =>
  fake.journal.ids.flatMap((id) =>
    fake.journal.events(id).map((event) => `${event.kind}${'from' in event ? ` of the ${event.from}` : ''}`),
  );

describe('a fake that could not run for a while', () => {
  it('does not cut off a client that has answered its ping', async () => {
    await using fake = await startMockServer({ pingMs: 1500 });
    await using peer = await openRaw(microphoneUrl(fake));
    // By then the words of its language have been loaded, so that the client is read.
    peer.write(frame(OPCODE.text, '{"action":"start"}'));
    await (await fake.nextSession()).received('start');
    let ping = await peer.nextFrame();
    while (ping.opcode === OPCODE.text) ping = await peer.nextFrame();
    expect(ping.opcode).toBe(OPCODE.ping);

    peer.write(frame(OPCODE.pong, ping.payload));
    stall(1700);
    expect((await peer.nextFrame()).opcode).toBe(OPCODE.ping);
  });

  // A client was also cut off if it was not read because of a scenario, or while the words of its language were loaded.
  it('does not cut off a client whose answers it does not read', async () => {
    await using files = await folder();
    const path = files.path('stalls.yaml');
    await writeFile(
      path,
      'dialect: scriptix\nsummary: stalls\nserver: [{ stall: { for: 2s } }, { send: { news: 1 } }, { wait: 10s }]\n',
    );
    await using fake = await startMockServer({ scenario: path, pingMs: 500 });
    await using peer = await openRaw(microphoneUrl(fake));
    for (let next = await peer.nextFrame(); next.opcode !== OPCODE.text; next = await peer.nextFrame()) {
      expect(next.opcode).toBe(OPCODE.ping);
      peer.write(frame(OPCODE.pong, next.payload));
    }
  });

  it('sends nothing to a client that has left, and records that the client closed first', async () => {
    await using files = await folder();
    const path = files.path('late.yaml');
    await writeFile(
      path,
      'dialect: scriptix\nsummary: late\nserver: [{ await: { for: start } }, { wait: 100ms }, { send: { news: 1 } }, { wait: 10s }]\n',
    );
    await using fake = await startMockServer({ scenario: path });
    await using peer = await openRaw(microphoneUrl(fake));
    peer.write(frame(OPCODE.text, '{"action":"start"}'));
    const session = await fake.nextSession();
    await session.received('start');

    peer.write(closeFrame(1000));
    stall(300);
    await session.received('close');
    expect(kindsIn(fake)).toEqual([
      'request',
      'response',
      'text of the client',
      'close of the client',
      'close of the server',
      'end',
    ]);
  });
});
