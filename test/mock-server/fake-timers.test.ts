import { join } from 'node:path';
import { connect } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import type { MockServer } from '../../src/mock-server/mock-server.ts';
import { ask } from '../support/clients/ask.ts';
import { PACKAGE } from '../support/programs/cli.ts';
import { fixture } from '../support/audio.ts';
import { connectRaw, frame, farewell, OPCODE, openRaw, upgradeRequest } from '../support/clients/raw.ts';
import { Program } from '../support/programs/program.ts';

// In a test with fake timers the fake used to fall silent, because its messages wait for the end of a turn of the event
// loop, and it could not be stopped.

afterEach(() => void vi.useRealTimers());

type Faked = NonNullable<Parameters<typeof vi.useFakeTimers>[0]>;
const SETTINGS: readonly (readonly [name: string, settings: Faked])[] = [
  ['as vitest has them', {}],
  ['set to another time', { now: new Date('2001-02-03T04:05:06Z') }],
  [
    'of everything but nextTick',
    {
      toFake: [
        ...([
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'setImmediate',
          'clearImmediate',
        ] as const),
        ...(['Date', 'performance', 'hrtime', 'queueMicrotask'] as const),
      ],
    },
  ],
];

/** A whole session: the client is answered, sends audio, gets results, and is closed. */
async function live(fake: MockServer): Promise<void> {
  const status = await ask(`${fake.urls.url}/api/v4/realtime/status`, {
    headers: { 'x-zoom-s2t-key': 'any' },
  });
  expect(status.status).toBe(200);
  expect((await ask(`${fake.urls.url}/nothing`)).status).toBe(404);
  expect((await ask(`${fake.urls.control}/sessions`)).status).toBe(200);
  await using client = await openRaw(`${fake.urls.url}/v2/realtime?token=any`);
  client.write(frame(OPCODE.text, '{"action":"start"}'));
  expect((await client.nextFrame()).payload.toString()).toBe('{"state":"loading"}');
  expect((await client.nextFrame()).payload.toString()).toBe('{"state":"listening"}');
  const session = await fake.nextSession();
  await session.received('start');
  client.write(frame(OPCODE.binary, fixture('en-long.wav').pcm.subarray(0, 64_000)));
  client.write(frame(OPCODE.text, '{"action":"stop"}'));
  const { said, code } = await farewell(client);
  expect(code).toBe(1000);
  expect(said.some((text) => text.includes('"is_final":true'))).toBe(true);
  expect(said.at(-1)).toBe('{"state":"stopped"}');
}

describe.each(SETTINGS)('under fake timers %s', (_name, settings) => {
  it('that are installed after the fake starts, it works and can be stopped', async () => {
    const fake = await startMockServer();
    vi.useFakeTimers(settings);
    await live(fake);
    await fake.stop();
  });

  it('that are installed before the fake starts, it works and can be stopped', async () => {
    vi.useFakeTimers(settings);
    const fake = await startMockServer();
    await live(fake);
    await fake.stop();
  });

  it('that are installed before the fake is imported, it works and can be stopped', async () => {
    vi.useFakeTimers(settings);
    vi.resetModules();
    const { startMockServer: start } = await import('../../src/mock-server/server.ts');
    const fake = await start();
    await live(fake);
    await fake.stop();
  });
});

// Waits used to last forever.
it('a performance.now that was frozen before the import does not stop the clock of the fake', async () => {
  const still = vi.spyOn(performance, 'now').mockReturnValue(7);
  try {
    vi.resetModules();
    const { startMockServer: start } = await import('../../src/mock-server/server.ts');
    const fake = await start();
    await live(fake);
    await expect(fake.nextSession({ timeoutMs: 20 })).rejects.toThrow('nothing came within 20 ms');
    await fake.stop();
  } finally {
    still.mockRestore();
  }
});

it('advancing fake timers does not advance the fake', async () => {
  await using fake = await startMockServer({ pingMs: 60_000 });
  vi.useFakeTimers();
  await using client = await openRaw(`${fake.urls.url}/v2/realtime?token=any`);
  client.write(frame(OPCODE.text, '{"action":"start"}'));
  for (let i = 0; i < 2; i++) await client.nextFrame();
  const session = await fake.nextSession();
  session.close(1000);
  await client.nextFrame();
  // The client is in the middle of its closing handshake; only in the time of the test has it taken too long.
  await vi.advanceTimersByTimeAsync(24 * 3_600_000);

  expect(session.isOpen).toBe(true);

  client.write(frame(OPCODE.close, Buffer.from([3, 232])));
  await session.received('close');
  expect(session.closeCode).toBe(1000);
});

it('under fake timers the fake can be stopped while a client is silent', async () => {
  vi.useFakeTimers();
  const fake = await startMockServer();
  await using client = await connectRaw(fake.urls.url);
  client.write(upgradeRequest(`${fake.urls.url}/v2/realtime?token=any`));

  expect((await client.answer()).status).toBe(101);

  await fake.stop();
  await client.ended;
});

it('a certificate is valid in real time, whatever the time of a test is', async () => {
  vi.useFakeTimers({ now: new Date('2001-02-03T04:05:06Z') });
  const fake = await startMockServer({ tls: true });
  vi.useRealTimers();
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(fake.urls.url).port),
    rejectUnauthorized: false,
  });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  const { valid_from: from, valid_to: to } = socket.getPeerCertificate();
  socket.destroy();
  await fake.stop();

  expect(Date.parse(from)).toBeLessThanOrEqual(Date.now());
  expect(Date.parse(to)).toBeGreaterThan(Date.now());
});

it('a process whose nextTick is faked gets an error instead of hanging', async () => {
  const index = pathToFileURL(join(PACKAGE, 'dist/index.js')).href;
  const text = `
    import { startMockServer } from ${JSON.stringify(index)};
    const fake = await startMockServer();
    const { nextTick } = process;
    process.nextTick = Object.assign(() => undefined, { clock: {} });
    const told = [];
    await fake.stop().catch(({ name, message }) => told.push(name + ' ' + message));
    await startMockServer().catch(({ name, message }) => told.push(name + ' ' + message));
    process.nextTick = nextTick;
    console.log(told.join('\\n'));
    process.exit();
  `;
  await using program = new Program(process.execPath, ['--input-type=module', '-e', text]);
  await program.exit;

  expect(program.stdout).toMatch(
    /^UserError stop\(\): process\.nextTick is faked.*toFake.*\nUserError startMockServer\(\): process\.nextTick/,
  );
});

// The server used to accept connections and stay silent.
it('a server that was imported under the mock timers of node:test refuses to start and says why', async () => {
  const text = `
    import { mock } from 'node:test';
    mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const { startMockServer } = await import(${JSON.stringify(pathToFileURL(join(PACKAGE, 'dist/index.js')).href)});
    await startMockServer().catch(({ name, message }) => console.log(name + ' ' + message));
    process.exit();
  `;
  await using program = new Program(process.execPath, ['--input-type=module', '-e', text]);
  await program.exit;

  expect(program.stdout).toMatch(/^UserError startMockServer\(\): this was imported while the mock timers/);
});

it('a server that was imported before the mock timers of node:test works', async () => {
  const text = `
    import { mock } from 'node:test';
    import { startMockServer } from ${JSON.stringify(pathToFileURL(join(PACKAGE, 'dist/index.js')).href)};
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] });
    const fake = await startMockServer();
    const { status } = await fetch(fake.urls.url + '/api/v4/realtime/status', { headers: { 'x-zoom-s2t-key': 'any' } });
    await fake.stop();
    console.log(status, 'stopped');
    process.exit();
  `;
  await using program = new Program(process.execPath, ['--input-type=module', '-e', text]);
  await program.exit;

  expect(program.stdout).toBe('200 stopped\n');
});
