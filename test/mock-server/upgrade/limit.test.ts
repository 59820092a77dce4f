import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { connect } from '../../support/clients/client.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';

// Clients that a scenario accepted in order to tell them why they are refused, and upgrades that it left unanswered,
// used not to count towards the limit of connections.

describe('beyond the limit of connections', () => {
  it('a client with an invalid token is not accepted to be told so in a message', async () => {
    await using fake = await startMockServer({ maxSessions: 1 });
    await using first = await microphone(fake);
    await using refused = connect(microphoneUrl(fake, { token: 'invalid-key', scenario: 'refused-in-band' }));

    expect((await refused.refused).status).toBe(503);
    expect([first.hasEnded, fake.sessions.length]).toEqual([false, 1]);
  });

  it.each(['handshake-hangs', 'handshake-too-late'])(
    'an upgrade of the scenario %s is refused',
    async (scenario) => {
      await using fake = await startMockServer({ clock: 'manual', maxSessions: 1 });
      await using first = connect(microphoneUrl(fake, { scenario }));
      await expect.poll(() => fake.waitingUpgrades).toBe(1);

      await using second = connect(microphoneUrl(fake, { scenario }));

      expect((await second.refused).status).toBe(503);
      expect([first.hasEnded, fake.waitingUpgrades]).toEqual([false, 1]);
    },
  );
});

// The scenario was looked up first, and its error was not handled if the edition was wrong, too, so the process ended.
it('a request for an unknown scenario in an unknown edition is refused like any other', async () => {
  await using fake = await startMockServer();
  const query = { scenario: 'no-such', edition: 'no-such' };
  await using client = connect(microphoneUrl(fake, query));

  const { status, body } = await client.refused;

  expect([status, body]).toEqual([400, expect.stringContaining('scriptix has no edition')]);

  await using next = await microphone(fake);
  expect(next.hasEnded).toBe(false);
});
