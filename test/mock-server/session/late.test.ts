import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { closeFrame, frame, openRaw, OPCODE } from '../../support/clients/raw.ts';
import { folder } from '../../support/programs/folder.ts';
import { microphoneUrl } from '../../support/scriptix/scriptix.ts';

// On a busy machine the fake first did what had become due while it was kept from running, and read afterwards what its
// client had done in time. It looked as if the client had done it too late, or because of what the fake did.

/** The fake, which is in this process, does nothing. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const kindsIn = (fake: MockServer) =>
  fake.journal.ids.flatMap((id) =>
    fake.journal.events(id).map((event) => `${event.kind}${'from' in event ? ` of the ${event.from}` : ''}`),
  );

describe('a fake that comes late', () => {
  it('does not cut a client that has answered its ping', async () => {
    await using fake = await startMockServer({ pingMs: 1500 });
    await using peer = await openRaw(microphoneUrl(fake));
    // The words of its language have been loaded by then, and it is read.
    peer.write(frame(OPCODE.text, '{"action":"start"}'));
    await (await fake.nextSession()).received('start');
    let ping = await peer.nextFrame();
    while (ping.opcode === OPCODE.text) ping = await peer.nextFrame();
    expect(ping.opcode).toBe(OPCODE.ping);

    peer.write(frame(OPCODE.pong, ping.payload));
    stall(1700);
    expect((await peer.nextFrame()).opcode).toBe(OPCODE.ping);
  });

  // So was one whose answers were not read, because the scenario said so, or the words of its language were not loaded yet.
  it('does not cut a client whose answers it does not read', async () => {
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

  it('says nothing to a client that has left, and remembers who was first', async () => {
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
