import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runConformance, type ConformanceOptions } from '../../../src/conformance/run-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { freePort } from '../../support/programs/free-port.ts';

const CREDENTIALS = { valid: 'good', user: 'plain', invalid: 'bad' };
const KEYS = ['good:admin', 'plain:user'];

/** As much as needs to be played of a run. */
const SHORT = {
  profile: 'quick',
  only: ['R8-AUTH-002', 'R8-AUTH-003', 'R8-AUTH-007', 'R8-QRY-007', 'R8-TR-001'],
} as const;

async function runOf(url: string, options: Partial<ConformanceOptions> = {}) {
  const { report } = await runConformance({
    dialect: 'reson8',
    url,
    credentials: CREDENTIALS,
    ...SHORT,
    ...options,
  });
  const failed = report.requirements.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
  return { report, failed, causes: report.causes ?? [] };
}

describe.each(['quick', 'full', 'live'] as const)('in a %s run', (profile) => {
  it('a refused key is the reason for everything that was not exercised, and fails no requirement', async () => {
    await using fake = await startMockServer({ keys: KEYS });
    const { report, failed, causes } = await runOf(fake.urls.url.replace('http', 'ws'), {
      profile,
      credentials: { ...CREDENTIALS, valid: 'mistyped' },
    });
    expect(failed).toEqual([]);
    expect(report.outcome).toBe('incomplete');
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatch(
      /^The credential of --token \(credentials\.valid in the library\) was refused by the realtime socket/,
    );

    for (const { verdict, reason } of report.requirements) {
      expect([verdict, reason]).toEqual(['not-exercised', causes[0]]);
    }
    expect(JSON.stringify(report)).not.toContain('mistyped');
  });
});

// A report said that --admin-token, which was not given, "was refused: is it the right one?".
it('a missing credential is reported as the reason, and no flag is blamed', async () => {
  await using fake = await startMockServer({ keys: KEYS });
  const { failed, causes, report } = await runOf(fake.urls.url.replace('http', 'ws'), { credentials: {} });

  expect({ failed, outcome: report.outcome }).toEqual({ failed: [], outcome: 'incomplete' });
  expect(causes).toEqual([
    expect.stringMatching(
      /^No credential was given, and .* \(HTTP 401.* cannot be used without one: --token/,
    ),
  ]);
});

it('a server that cannot be reached is the reason for everything that was not exercised', async () => {
  const { report, causes } = await runOf(`ws://127.0.0.1:${await freePort()}`);

  expect(report.outcome).toBe('incomplete');
  expect(causes).toEqual([expect.stringMatching(/^No connection: nothing listens on 127\.0\.0\.1/)]);
  expect(report.requirements.every(({ reason }) => reason === causes[0])).toBe(true);
});

it('a server that accepts no more connections is checked once more at the end', async () => {
  await using fake = await startMockServer({ keys: KEYS });
  await using gateway = await startGateway(Number(new URL(fake.urls.url).port), 6);
  const { failed, causes, report } = await runOf(`ws://127.0.0.1:${gateway.port}`);

  expect(failed).toEqual([]);
  expect(report.outcome).toBe('incomplete');
  expect(causes[0]).toMatch(/at first and refused from .* it has expired, or was revoked or blocked/);
  expect(report.sessions.some(({ play }) => play === 'another-look/reson8')).toBe(true);
});

/** Passes this many connections on, and refuses all later ones. */
async function startGateway(upstream: number, most: number) {
  const { connect } = await import('node:net');
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((front) => {
    sockets.add(front);
    count += 1;
    front.on('error', () => undefined);
    if (count > most) {
      front.once('data', () => front.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'));
      return;
    }
    const back = connect(upstream, '127.0.0.1');
    sockets.add(back);
    back.on('error', () => front.destroy());
    front.on('close', () => back.destroy());
    back.on('close', () => front.destroy());
    front.pipe(back).pipe(front);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
