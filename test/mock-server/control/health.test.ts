import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { version } from '../../../src/runtime/version.ts';
import { control } from '../../support/clients/control.ts';

const SERVERS = [
  { where: 'on loopback', options: {} },
  { where: 'on loopback with a control token', options: { controlToken: 'open-sesame' } },
  { where: 'on all addresses, without a control API', options: { host: '0.0.0.0' } },
  {
    where: 'on all addresses with a control token',
    options: { host: '0.0.0.0', controlToken: 'open-sesame' },
  },
];

describe.each(SERVERS)('the health of a server $where', ({ options }) => {
  it.each(['health', 'ready'])('(%s) is open to everyone', async (path) => {
    await using fake = await startMockServer(options);

    const answers = [
      await control(fake, `GET ${path}`),
      await control(fake, `GET ${path}`, undefined, { headers: { host: 'fake.example' } }),
      await control(fake, `GET ${path}`, undefined, { headers: { authorization: 'Bearer wrong' } }),
      await control(fake, `GET ${path}`, undefined, { headers: { origin: 'https://page.example' } }),
    ];

    for (const { status, json } of answers) {
      expect([status, json]).toEqual([200, { ok: true, version: version() }]);
    }
  });
});

it('pages from this machine can read the health and nothing else; other pages cannot read it', async () => {
  await using fake = await startMockServer();
  const from = async (origin: string, call: string) =>
    (await control(fake, call, undefined, { headers: { origin } })).headers['access-control-allow-origin'];

  expect(await from('http://localhost:5173', 'GET health')).toBe('http://localhost:5173');
  expect(await from('http://localhost:5173', 'GET sessions')).toBeUndefined();
  expect(await from('https://page.example', 'GET health')).toBeUndefined();
});

it('health and ready are read with GET and HEAD only', async () => {
  await using fake = await startMockServer({ host: '0.0.0.0' });

  expect(await control(fake, 'POST health')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  expect(await control(fake, 'HEAD ready')).toMatchObject({ status: 200, text: '' });
});
