import type { Server } from 'node:http';
import { expect, it } from 'vitest';
import { asStateAddress } from '../../../src/cli/values.ts';
import { listenToOthers, refuseUnreachable } from '../../../src/mock-server/fleet/address.ts';
import { newAnswerServer } from '../../../src/mock-server/fleet/questions.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import { UserError } from '../../../src/runtime/errors.ts';
import { portOf } from '../../../src/wire/tcp.ts';

/** A replica that has not joined a group yet. */
function answering(sign: string): Server {
  return newAnswerServer(new Promise(() => undefined), new Promise(() => undefined), sign);
}

async function listening(sign: string, host: string, port: number) {
  const server = answering(sign);
  const address = await listenToOthers(server, '127.0.0.1', { host, port });
  return {
    ...{ server, address },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

const mistakesOf = (error: unknown) => (error instanceof UserError ? error.mistakes : error);

it.each([
  ['fake-1', 'fake-1', 0],
  ['fake.example:9000', 'fake.example', 9000],
  ['10.0.0.7', '10.0.0.7', 0],
  ['10.0.0.7:65535', '10.0.0.7', 65_535],
  ['fd00::7', 'fd00::7', 0],
  ['[fd00::7]', 'fd00::7', 0],
  ['[fd00::7]:9000', 'fd00::7', 9000],
])('%s is where other replicas reach this one', (text, host, port) => {
  expect(asStateAddress(text)).toEqual({ host, port });
});

it.each([
  '',
  ':9000',
  'fake:0',
  'fake:65536',
  'fake:x',
  'http://fake',
  'fake/',
  '[fake]',
  'fe80::1%eth0',
  'a b',
  '1.2.3.999',
])('"%s" is refused as an address', (text) => {
  expect(() => asStateAddress(text)).toThrow(/expected a host, or a host and a port/);
});

it.each(['0.0.0.0', '0.0.0.0:9000', '::', '[::]:9000'])(
  '%s is refused, because no one can reach a replica there',
  (text) => {
    expect(() => asStateAddress(text)).toThrow(/that other replicas can reach/);
  },
);

it('an address where the replica itself answers is accepted', async () => {
  await using place = await listening('own', 'localhost', 0);

  expect(place.address).toBe(`http://localhost:${portOf(place.server)}`);
  await refuseUnreachable(realClock(), { host: 'localhost', port: 0 }, place.address, 'own');
});

it('an address where another server or none answers is refused with the address', async () => {
  await using other = await listening('other', '127.0.0.1', 0);
  const given = { host: '127.0.0.1', port: portOf(other.server) };
  const value = `127.0.0.1:${given.port}`;
  const refused = (address: string) =>
    refuseUnreachable(realClock(), given, address, 'own').catch(mistakesOf);

  expect(await refused(other.address)).toMatchObject([
    {
      option: 'stateAddress',
      value,
      what: expect.stringContaining('another server answers there') as string,
    },
  ]);
  expect(await listening('own', given.host, given.port).catch(mistakesOf)).toMatchObject([
    { option: 'stateAddress', value, what: expect.stringContaining('the port is in use') as string },
  ]);

  await other[Symbol.asyncDispose]();
  expect(await refused(other.address)).toMatchObject([
    { option: 'stateAddress', value, what: expect.stringContaining('(ECONNREFUSED)') as string },
  ]);
});
