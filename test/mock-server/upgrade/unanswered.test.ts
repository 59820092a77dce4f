import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { connect } from '../../support/clients/client.ts';
import { folder } from '../../support/programs/folder.ts';
import { connectRaw, upgradeRequest } from '../../support/clients/raw.ts';
import { microphoneUrl } from '../../support/scriptix/scriptix.ts';

// A client that gave up after fifteen seconds used to be missing from the journal, because upgrades were recorded together
// with their answer.

const events = (fake: MockServer): readonly TraceEvent[] =>
  fake.journal.ids.flatMap((id) => fake.journal.events(id));

describe('an upgrade', () => {
  it('that its client abandons is in the journal with the time of its arrival', async () => {
    await using fake = await startMockServer({ clock: 'manual', scenario: 'scriptix/handshake-too-late' });
    await fake.clock.advance(1000);
    const client = connect(microphoneUrl(fake));

    await expect.poll(() => fake.waitingUpgrades).toBe(1);
    expect(events(fake)).toEqual([]);

    await fake.clock.advance(15_000);
    client.terminate();
    await expect
      .poll(() => events(fake))
      .toMatchObject([
        { session: 'h1', atMs: 1000, kind: 'request', method: 'GET' },
        { session: 'h1', atMs: 16_000, kind: 'end', by: 'client', code: 1006 },
      ]);

    expect([fake.waitingUpgrades, fake.clock.pending]).toEqual([0, 0]);
  });

  it('that is answered late is in the journal with the time of its arrival', async () => {
    await using fake = await startMockServer({ clock: 'manual', scenario: 'scriptix/handshake-too-late' });
    await using client = connect(microphoneUrl(fake));
    await expect.poll(() => fake.waitingUpgrades).toBe(1);

    await fake.clock.advance(16_000);
    await client.open;
    expect(events(fake)).toMatchObject([
      { session: 's1', atMs: 0, kind: 'request' },
      { session: 's1', atMs: 16_000, kind: 'response', status: 101 },
    ]);
  });

  it('that is answered late loses nothing that its client sends too early', async () => {
    await using fake = await startMockServer({ clock: 'manual', scenario: 'scriptix/handshake-too-late' });
    await using peer = await connectRaw(fake.urls.url);
    const text = Buffer.from('{"action":"start"}');
    // Masked with zeros.
    const start = Buffer.concat([Buffer.from([0x81, 0x80 + text.length, 0, 0, 0, 0]), text]);
    // One right after the request, the other before the answer.
    peer.write(Buffer.concat([Buffer.from(upgradeRequest(microphoneUrl(fake))), start]));

    await expect.poll(() => fake.waitingUpgrades).toBe(1);

    peer.write(start);
    await connect(microphoneUrl(fake, { type: 'neither', scenario: 'happy-path' })).refused;
    await fake.clock.advance(16_000);
    await (await fake.nextSession()).received('frame', { count: 2 });
  });

  // A client gave up after 15 s, as it should, while the fake could not run. The fake used to answer first and to read
  // afterwards that the client had left, as if it had waited longer and left an open connection without a Close frame.
  it('is not answered if its client left while the fake could not run', async () => {
    await using files = await folder();
    const path = files.path('slow.yaml');
    await writeFile(path, 'dialect: scriptix\nsummary: slow\nserver: { handshake: { after: 400ms } }\n');
    await using fake = await startMockServer({ scenario: path });
    await using peer = await connectRaw(fake.urls.url);
    peer.write(upgradeRequest(microphoneUrl(fake)));
    await expect.poll(() => fake.waitingUpgrades).toBe(1);

    peer.socket.destroy();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    await expect
      .poll(() => events(fake))
      .toMatchObject([{ kind: 'request' }, { kind: 'end', by: 'client', how: 'fin', code: 1006 }]);
  });

  it.each([
    ['handshake-dropped', 'fin'],
    ['handshake-reset', 'reset'],
  ])('that the scenario %s cuts off is in the journal, too', async (scenario, how) => {
    await using fake = await startMockServer({ scenario: `scriptix/${scenario}` });
    const client = connect(microphoneUrl(fake));
    await client.closed;

    expect(events(fake)).toMatchObject([{ kind: 'request' }, { kind: 'end', by: 'server', how, code: 1006 }]);
    expect(fake.journal.isOver('h1')).toBe(true);
  });

  it('that hangs is ended by a reset of the sessions', async () => {
    await using fake = await startMockServer({ scenario: 'scriptix/handshake-hangs' });
    const client = connect(microphoneUrl(fake));
    await expect.poll(() => fake.waitingUpgrades).toBe(1);

    await fake.reset({ sessions: true });
    expect((await client.closed).code).toBe(1006);
    expect(events(fake)).toMatchObject([{ kind: 'request' }, { kind: 'end', by: 'server', how: 'fin' }]);
  });
});

describe('the default scenario', () => {
  it('can be replaced, which starts its attempts over', async () => {
    await using files = await folder();
    const path = files.path('twice-refused.yaml');
    const attempts = '[{ handshake: { status: 402 } }, { handshake: { status: 403 } }]';
    await writeFile(path, `dialect: scriptix\nsummary: refused\nserver: { attempts: ${attempts} }\n`);
    await using fake = await startMockServer({ scenario: 'scriptix/refused-401' });
    const status = async () => (await connect(microphoneUrl(fake)).refused).status;

    expect(await status()).toBe(401);

    await fake.setScenario(path);
    expect([await status(), await status()]).toEqual([402, 403]);

    await fake.setScenario(path);
    expect(await status()).toBe(402);

    await fake.setScenario(undefined);
    await using open = connect(microphoneUrl(fake));
    await open.open;

    await expect(fake.setScenario('refused-402')).rejects.toThrow('did you mean "refused-40');
  });

  it('can make the server unreachable for a while', async () => {
    await using files = await folder();
    const path = files.path('gone.yaml');
    await writeFile(path, 'dialect: scriptix\nsummary: gone\nserver: { handshake: unreachable }\n');
    await using fake = await startMockServer();
    await fake.setScenario(path);

    expect((await connect(microphoneUrl(fake)).closed).code).toBe(1006);
    expect(events(fake)).toEqual([]);

    await fake.setScenario([]);
    await using open = connect(microphoneUrl(fake));
    await open.open;
  });
});
