import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { control } from '../../support/clients/control.ts';
import { confirmation, dial, flush } from '../../support/reson8.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';
import { connect } from '../../support/clients/client.ts';

/** Longer than any test waits. */
const LONG_MS = 600_000;

describe('a server that drains', () => {
  it('refuses upgrades in the form of their vendor and is not ready, while open sessions go on', async () => {
    await using fake = await startMockServer({ drainMs: LONG_MS });
    await using open = dial(fake.urls.reson8.realtime);
    await open.open;
    const stopped = fake.stop();

    await using scriptix = connect(microphoneUrl(fake));
    await using reson8 = dial(fake.urls.reson8.realtime);
    const message = 'The server is stopping and takes no more connections';
    expect(await scriptix.refused).toMatchObject({ status: 503, body: JSON.stringify({ detail: message }) });
    expect(await reson8.refused).toMatchObject({ status: 503 });
    expect((await reson8.refused).body).toContain(message);
    expect(await control(fake, 'GET ready')).toMatchObject({
      status: 503,
      json: { ok: false, draining: true },
    });
    expect(await control(fake, 'GET health')).toMatchObject({ status: 200, json: { ok: true } });

    flush(open, 'still here');
    await confirmation(open);
    open.close();
    expect((await open.closed).code).toBe(1000);
    await stopped;
  });

  it('closes connections that are still open when its time is over with 1001', async () => {
    await using fake = await startMockServer({ drainMs: 50 });
    await using client = await microphone(fake);
    await fake.stop();

    expect((await client.closed).code).toBe(1001);
  });

  it('does not wait if nothing is open', async () => {
    await using fake = await startMockServer({ drainMs: LONG_MS });
    await using client = await microphone(fake);
    client.terminate();
    await (await fake.nextSession()).received('close');
    await fake.stop();

    expect(fake.sessions).toEqual([]);
  });
});
