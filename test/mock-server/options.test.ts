import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../src/mock-server/events.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { UserError } from '../../src/runtime/errors.ts';
import { bursts } from '../support/audio.ts';
import { dial } from '../support/reson8.ts';
import { microphone } from '../support/scriptix/scriptix.ts';

/** The error that `start` rejects with, which must be a mistake of its caller. */
async function mistakeOf(start: Promise<unknown>): Promise<string> {
  const error = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

describe('options', () => {
  it.each([
    ['a port below 0', { port: -1 }],
    ['a port above 65535', { port: 65_536 }],
    ['half a port', { port: 1.5 }],
    ['a negative seed', { seed: -1 }],
    ['a seed that is too large', { seed: 2 ** 53 }],
    ['a seed that is not a number', { seed: NaN }],
    ['a speed of 0', { speed: 0 }],
    ['a speed above 1000', { speed: 1001 }],
    ['a speed that is not a number', { speed: NaN }],
    ['more than 100 speakers', { speakers: 101 }],
    ['a frame limit of 0', { maxFrameBytes: 0 }],
    ['a buffer limit of 0', { maxBufferedBytes: 0 }],
    ['a session limit of 0', { maxSessions: 0 }],
    ['a time for headers of 0', { headersTimeoutMs: 0 }],
    ['a ping interval of 0', { pingMs: 0 }],
    ['an endless ping interval', { pingMs: Infinity }],
    ['a negative start time of the service', { service: { startMs: -1 } }],
  ])('with %s are refused with an error that names the option', async (_what, options) => {
    const message = await mistakeOf(startMockServer(options));
    const [name = ''] = Object.keys(options);
    expect(message).toMatch(new RegExp(`^${name}[^\\n]*: expected [^\\n]+, got [^\\n]+$`));
  });

  it('that are wrong are all named at once', async () => {
    const wrong = { port: -1, seed: 0.5, speed: 5000, speakers: -1, maxFrameBytes: 0, pingMs: -5 };
    const message = await mistakeOf(startMockServer({ ...wrong, service: { startMs: NaN } }));
    const lines = message.split('\n');

    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual(
      [...Object.keys(wrong), 'service.startMs'].sort(),
    );
  });

  it.each([
    ['an empty key', { keys: [''] }],
    ['a role without a key', { keys: [':user'] }],
    ['an unknown role', { keys: ['alice:boss'] }],
    ['a key that is given twice', { keys: ['twice', 'twice:user'] }],
    ['an empty pattern for URLs', { allowUrls: [''] }],
    ['a certificate that is not PEM', { tls: { cert: 'no certificate', key: 'no key' } }],
    ['an empty certificate', { tls: { cert: '', key: '' } }],
    ['an address of another machine', { host: '203.0.113.1' }],
  ])('with %s are refused', async (_what, options) => {
    const message = await mistakeOf(startMockServer(options));
    expect(message).not.toContain('twice');
  });

  // What a test in JavaScript passes; some of these were accepted, were a TypeError, or named a flag of the command.
  it.each([
    [{ port: '8080' }, 'port: expected a whole number from 0 to 65535, got a text'],
    [{ speed: '2' }, 'speed: expected a number from 0.01 to 1000, got a text'],
    [{ service: { startMs: '5' } }, 'service.startMs: expected 0 to 86400000 ms, got a text'],
    [{ editions: null }, 'editions: expected an object with scriptix or reson8, got null'],
    [{ editions: 'scriptix=examples' }, 'editions: expected an object with scriptix or reson8, got a text'],
    [
      { pricePerMinute: '1' },
      'pricePerMinute: expected a number, or an object with scriptix or reson8, got a text',
    ],
    [{ keys: [''] }, 'keys: the key is empty; expected KEY or KEY:admin|user|expired'],
  ])('that are %o are refused in terms of the library', async (options, expected) => {
    expect(await mistakeOf(startMockServer(options as never))).toBe(expected);
  });

  it('with a port that is in use are refused with a hint at port 0', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const message = await mistakeOf(startMockServer({ port }));

    expect(message).toContain(String(port));
    expect(message).toContain('the port is in use; port 0 takes a free one');
    expect(message).not.toContain('\n');

    await new Promise((resolve) => other.close(resolve));
    await using fake = await startMockServer({ port });
    expect(new URL(fake.urls.url).port).toBe(String(port));
  });

  it('include onEvent, which is called for what happens, in order', async () => {
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({ onEvent: (event) => events.push(event) });
    await using good = await microphone(fake, { query: { language: 'nl' } });
    await good.sendAudio(bursts(1000));
    good.send({ action: 'stop' });
    await good.closed;
    await using bad = dial(fake.urls.reson8.realtime);
    await bad.open;
    for (let i = 0; i < 3; i++) bad.send('nonsense');
    await bad.closed;
    await using refused = dial(fake.urls.reson8.realtime, 'channels=0');
    await refused.refused;

    expect(events).toEqual([
      { event: 'session-open', id: 's1', life: 'scriptix-microphone', edition: 'documents', language: 'nl' },
      { event: 'session-close', id: 's1', code: 1000, audioMs: 1000, results: 6 },
      { event: 'session-open', id: 's2', life: 'reson8-realtime', edition: 'documents' },
      { event: 'session-error', id: 's2', message: expect.any(String) as string },
      { event: 'session-close', id: 's2', code: 1008, audioMs: 0, results: 0 },
      {
        event: 'refused',
        method: 'GET',
        path: '/v1/speech-to-text/realtime',
        status: 400,
        body: { code: 'INVALID_REQUEST', message: expect.any(String) as string },
      },
    ]);
  });
});
