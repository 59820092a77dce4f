import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { control, lines } from '../../support/clients/control.ts';
import { connect } from '../../support/clients/client.ts';
import { client } from '../../support/fleet/together.ts';
import { fleetOf } from './replicas.ts';

const KEY = { 'x-zoom-s2t-key': 'own' };

function call(fake: MockServer, name: string, method = 'GET') {
  return fetch(`${fake.urls.scriptix.api}/${name}`, { method, headers: KEY });
}

it('replicas count the calls of a token together, and the token has one service', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  const scenario = {
    dialect: 'scriptix-rest',
    summary: 'Two answers of its own',
    server: {
      service: 'scaled-down',
      'start-time': '300ms',
      status: [{ status: 501 }, { status: 502 }, 'as-documented'],
    },
  };
  await control(one, 'POST scenarios', { name: 'in-turn', scenario });
  await control(two, 'PUT assignments/own', { scenario: 'in-turn' });

  const statuses = [];
  for (const fake of [two, one, two, one]) statuses.push((await call(fake, 'status')).status);
  expect(statuses).toEqual([501, 502, 200, 200]);
  expect(await (await call(one, 'status')).json()).toMatchObject({ status: 'scaled_down' });
  const early = connect(`${two.urls.scriptix.realtime}?token=own`);
  expect(await early.refused).toMatchObject({ status: 503 });
  expect(await (await call(two, 'initialize', 'POST')).json()).toMatchObject({ ready: true });
  expect(await (await call(one, 'status')).json()).toMatchObject({ status: 'ready' });
  await using late = await client(two, 'own');
  // The service of other tokens is not affected.
  expect((await control(one, 'GET service')).json).toEqual({ state: 'ready' });
  expect((await control(one, 'GET sessions/next')).json).toMatchObject({ id: 's1' });
  expect(late.errors).toEqual([]);
});

it('a session whose handshake waits is numbered when it opens, and what arrives in the meantime is not lost', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  const attempts = [{ handshake: { status: 503 } }, { handshake: { after: '200ms' } }];
  const scenario = { dialect: 'scriptix', summary: 'Refused, then late', server: { attempts } };

  expect((await control(one, 'POST scenarios', { name: 'late', scenario })).status).toBe(201);

  await control(one, 'PUT assignments/own', { scenario: 'late' });
  const refused = connect(`${one.urls.scriptix.realtime}?token=own`);

  expect(await refused.refused).toMatchObject({ status: 503 });

  const waiting = connect(`${two.urls.scriptix.realtime}?token=own`);
  await using other = await client(one, 'other');
  await waiting.open;
  waiting.send({ action: 'start' });

  expect((await control(one, 'GET sessions/next?token=own')).json).toMatchObject({ id: 's2' });
  expect((await control(two, 'GET sessions/next')).json).toMatchObject({ id: 's1' });
  expect((await control(one, 'GET sessions/s2/wait?for=start')).status).toBe(200);

  await waiting[Symbol.asyncDispose]();

  expect(other.errors).toEqual([]);
});

interface Requested {
  readonly id: string;
  readonly openedMs: number;
}

it('a secret has the same stand-in in all traces, and requests are listed for all replicas together', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await using first = await client(one, 'the-same-secret');
  await using second = await client(two, 'the-same-secret');
  const targets = [];
  for (const id of ['s1', 's2']) {
    const [, request] = lines((await control(one, `GET sessions/${id}/trace`)).text);
    targets.push(request?.['target']);
  }

  expect(targets[0]).toMatch(/redacted-\d+/);
  expect(targets[1]).toBe(targets[0]);

  for (const fake of [one, two, one]) await call(fake, 'status');
  const { requests } = (await control(two, 'GET sessions')).json as { requests: readonly Requested[] };

  // In the order of their times; as each replica has its own clock, requests of different replicas may change places.
  expect(requests).toEqual(requests.toSorted((a, b) => a.openedMs - b.openedMs));

  const ids = requests.map(({ id }) => id);

  expect(ids.filter((id) => id !== 'h1000000001')).toEqual(['h1', 'h2']);
  expect(ids).toContain('h1000000001');
  for (const { id } of requests)
    expect((await control(two, `GET sessions/${id}`)).json).toMatchObject({ id });
  expect((await control(one, 'GET sessions/h7')).status).toBe(404);
  expect([first.errors, second.errors]).toEqual([[], []]);
});

it('a client that leaves during its upgrade leaves nothing behind', async () => {
  await using fleet = await fleetOf(1);
  const [fake] = fleet.replicas;
  for (let i = 0; i < 20; i++) {
    const socket = new WebSocket(`${fake.urls.scriptix.realtime}?token=gone`);
    socket.on('error', () => undefined);
    setImmediate(() => socket.terminate());
    await new Promise((resolve) => socket.once('close', resolve));
  }
  await using next = await client(fake, 'stays');
  const { sessions } = (await control(fake, 'GET sessions?open=true')).json as {
    sessions: readonly unknown[];
  };

  expect(sessions).toHaveLength(1);
  expect((await control(fake, 'GET sessions/next?token=stays')).json).toMatchObject({ isOpen: true });
  expect(next.errors).toEqual([]);
});
