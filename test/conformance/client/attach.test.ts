import { DEFAULT_EDITIONS } from '../../../src/protocol/editions.ts';
import { describe, expect, it } from 'vitest';
import { startClientFake } from '../../../src/cli/conformance/client-fake.ts';
import { attach, type AttachOptions, type AttachProgress } from '../../../src/conformance/client/attach.ts';
import type { FakeAddresses } from '../../../src/conformance/client/fake.ts';
import { Room, ROOM_OF_RUN } from '../../../src/conformance/wire-client/room.ts';
import { troublesOfAttached } from '../../../src/conformance/client/troubles.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import { StandIns } from '../../../src/wire/redact/stand-ins.ts';
import { connect } from '../../support/clients/client.ts';
import { expectNoMoreThan, resources } from '../../support/resources.ts';

/** Plays scenarios; `client` is called when one begins to wait. */
async function attached(
  scenarios: readonly string[],
  client: (name: string, addresses: FakeAddresses) => unknown,
  options: Partial<AttachOptions> = {},
) {
  const all: FakeAddresses[] = [];
  const plays = await attach(scenarios, {
    dialect: 'scriptix',
    editions: DEFAULT_EDITIONS,
    seed: 1,
    startFake: startClientFake,
    clock: realClock(),
    token: 'some-token',
    room: new Room(ROOM_OF_RUN),
    timeoutMs: 20_000,
    quietMs: 300,
    onAddresses: (addresses) => void all.push(addresses),
    onProgress(progress: AttachProgress) {
      const [addresses] = all;
      if (progress.kind === 'waiting' && addresses !== undefined) client(progress.name, addresses);
    },
    ...options,
  });
  return { plays, addresses: all };
}

const dial = ({ url }: FakeAddresses) => connect(`${url}?token=any-other-token`);
const kinds = (events: readonly { readonly session: string; readonly kind: string }[]) =>
  events.map(({ session, kind }) => `${session} ${kind}`);

describe('a client that is started externally', () => {
  it('meets one scenario after the other at the same address', async () => {
    const before = resources();
    const { plays, addresses } = await attached(
      ['refused-401', 'warm-model', 'handshake-reset'],
      (name, at) => {
        const client = dial(at);
        if (name === 'warm-model') void client.open.then(() => client.close(1000));
      },
    );

    expect(addresses.length).toBe(1);
    expect(plays.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['refused-401', 'quiet'],
      ['warm-model', 'quiet'],
      ['handshake-reset', 'quiet'],
    ]);
    expect(plays.map(({ events }) => kinds(events))).toEqual([
      ['h1 context', 'h1 request', 'h1 response', 'h1 end'],
      ['s1 context', 's1 request', 's1 response', 's1 close', 's1 close', 's1 end'],
      ['h2 context', 'h2 request', 'h2 end'],
    ]);
    expect(JSON.stringify(plays)).not.toContain('any-other-token');
    await expectNoMoreThan(before);
  });

  it('may connect again before the scenario is over, as a further attempt in it', async () => {
    const { plays } = await attached(['reconnect-after-drop'], (_name, at) => {
      const client = dial(at);
      void client.open.then(() => {
        client.terminate();
        const again = dial(at);
        void again.open.then(() => again.close(1000));
      });
    });
    expect(plays[0]?.events.filter(({ kind }) => kind === 'request').map(({ session }) => session)).toEqual([
      's1',
      's2',
    ]);
  });

  it('is disconnected at the deadline, which is not recorded, and meets the next scenario', async () => {
    const { plays } = await attached(
      ['happy-path', 'handshake-hangs', 'refused-401'],
      (_name, at) => void dial(at).closed,
      { timeoutMs: 500 },
    );

    expect(plays.map(({ outcome }) => outcome)).toEqual(['timeout', 'timeout', 'quiet']);
    expect(plays.map(({ events }) => kinds(events))).toEqual([
      ['s1 context', 's1 request', 's1 response'],
      ['h1 context', 'h1 request'],
      ['h2 context', 'h2 request', 'h2 response', 'h2 end'],
    ]);
  });

  it('is not waited for endlessly, nor again when it does not connect', async () => {
    const { plays } = await attached(['warm-model', 'cold-model'], () => undefined, { patienceMs: 100 });
    expect(plays).toEqual([{ name: 'warm-model', events: [], dropped: 0, outcome: 'nobody' }]);
  });

  it('can be called off', async () => {
    const off = new AbortController();
    const { plays } = await attached(['warm-model', 'cold-model'], () => off.abort(), { signal: off.signal });

    expect(plays).toMatchObject([{ name: 'warm-model', outcome: 'stopped' }]);
    expect((await attached([], () => undefined)).plays).toEqual([]);
  });

  it('is still in its scenario while it makes calls, however short they are', async () => {
    const { plays } = await attached(
      ['happy-path'],
      async (_name, { apiUrl }) => {
        for (let call = 0; call < 10; call++) {
          await (await fetch(`${apiUrl}/status`)).arrayBuffer();
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      },
      { dialect: 'scriptix-rest', quietMs: 700 },
    );
    expect(plays[0]?.events.filter(({ kind }) => kind === 'request').length).toBe(10);
  });

  it('may be a page of any origin, with calls of the REST API', async () => {
    const seen: unknown[] = [];
    const { plays } = await attached(
      ['happy-path'],
      (_name, { apiUrl }) => {
        const headers = { origin: 'https://example.com', 'x-zoom-s2t-key': 'page-key' };
        void fetch(`${apiUrl}/status`, { headers }).then((answer) => {
          seen.push(answer.status, answer.headers.get('access-control-allow-origin'));
        });
      },
      { dialect: 'scriptix-rest' },
    );

    expect([seen, kinds(plays[0]?.events ?? [])]).toEqual([
      [200, '*'],
      ['h1 context', 'h1 request', 'h1 response'],
    ]);
  });

  // Each scenario kept a part of what a client flooded it with, and no report said that the rest was missing.
  it('meets no further scenario once it has sent more than is kept of a run', async () => {
    const room = new Room({ events: 100, bytes: 2 ** 20 });
    const scenarios = ['happy-path', 'warm-model'];
    const { plays } = await attached(
      scenarios,
      async (_name, at) => {
        const client = dial(at);
        await client.open;
        for (let n = 0; n < 1000; n++) client.send({ action: 'start' });
        client.close(1000);
      },
      { room },
    );

    expect(plays.map(({ name }) => name)).toEqual(['happy-path']);
    expect(plays[0]?.dropped).toBeGreaterThan(0);
    expect(plays[0]?.events.filter(({ kind }) => kind === 'text').length).toBeLessThanOrEqual(100);

    const { isCutShort, cause } = troublesOfAttached(scenarios, plays, 20_000);
    expect(isCutShort).toBe(true);
    expect(cause).toMatch(
      /^More events than are kept were sent in 1 of 2 scenarios: \d+ events were dropped\. The run was stopped/,
    );
  });

  // `--redact` was ignored for a client that was not started by the runner.
  it('has those secrets redacted that only its user knows', async () => {
    const { plays } = await attached(
      ['refused-401'],
      (_name, at) => void connect(`${at.url}?token=t&my-ticket=open-sesame`).closed,
      { redaction: { names: ['my-ticket'], standIns: new StandIns() } },
    );

    expect(plays[0]?.events.length).toBeGreaterThan(0);
    expect(JSON.stringify(plays)).not.toContain('open-sesame');
  });
});
